// The score, its course, and the sum that it is.
import { BandChoice, HeldBand } from "./lead_band.jsx";
import { Outlook } from "./lead_outlook.jsx";
import { useLead } from "./lead_store.js";
import { Skeleton, exactTime, plural, useNow, when } from "./kit.js";

const W = 320;
const H = 72;

function History({ history }) {
  if (history.length < 2) return null;
  const first = history[0].at;
  const span = Math.max(1, history.at(-1).at - first);
  const x = (at) => 4 + ((at - first) / span) * (W - 8);
  const y = (score) => H - 6 - (score / 100) * (H - 12);
  // A score holds until the next event, so the line goes in steps.
  const line = history.map((each, index) => (index ? `H${x(each.at).toFixed(1)} V${y(each.score).toFixed(1)}` : `M${x(each.at).toFixed(1)},${y(each.score).toFixed(1)}`)).join(" ");
  const end = history.at(-1);
  return (
    <figure className="lf-history">
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`Score from ${Math.round(history[0].score)} on ${exactTime(first)} to ${Math.round(end.score)} now`}>
        {[0, 50, 100].map((score) => <line key={score} className="lf-history__grid" x1="4" x2={W - 4} y1={y(score)} y2={y(score)} />)}
        <path className="lf-spark__line" d={line} />
        {history.length < 40 && history.map((each) => <circle key={each.at} className="lf-history__dot" cx={x(each.at)} cy={y(each.score)} r="2.5"><title>{Math.round(each.score)} · {exactTime(each.at)}</title></circle>)}
      </svg>
      <figcaption className="lf-history__ends lf-muted"><span>{exactTime(first)}</span><span>now</span></figcaption>
    </figure>
  );
}

const points = (value) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${Math.abs(value) % 1 ? Math.abs(value).toFixed(1) : Math.abs(value)}`;
const tenth = (value) => Math.round(value * 10) / 10;

function Reason({ label, value, most }) {
  return (
    <li className="lf-reason">
      <span className="lf-reason__label">{label}</span>
      <span className="lf-reason__points lf-number">{points(value)}</span>
      <span className={`lf-reason__bar ${value < 0 ? "is-down" : ""}`} aria-hidden="true"><span style={{ transform: `scaleX(${Math.abs(value) / most})` }} /></span>
    </li>
  );
}

function Why({ score, parts }) {
  const total = tenth(score.score);
  const left = tenth(total - tenth(score.base) - parts.reduce((sum, part) => sum + part.value, 0));
  return (
    <details className="lf-why">
      <summary>Why {total}</summary>
      <table className="lf-why__sum lf-number">
        <tbody>
          <tr><th scope="row">Where every lead starts</th><td>{tenth(score.base)}</td></tr>
          {parts.map((part) => <tr key={part.label}><th scope="row">{part.label}{part.kind === "model" && <span className="lf-tag">learned</span>}</th><td>{points(part.value)}</td></tr>)}
          {left !== 0 && <tr><th scope="row">Smaller parts and rounding</th><td>{points(left)}</td></tr>}
        </tbody>
        <tfoot><tr><th scope="row">Score</th><td>{total}</td></tr></tfoot>
      </table>
    </details>
  );
}

function evidence(outcomes, share) {
  if (outcomes === 0) return "Your rules alone: there is no outcome yet to learn from";
  if (share === 0) return `Your rules alone: ${plural(outcomes, "outcome")} so far, too few to learn from`;
  return null;
}

// Where the score comes from: what the organization has said, and what its outcomes have taught.
function Sources({ model: { outcomes = 0, weight = 0 } }) {
  const share = Math.round(weight * 100);
  const alone = evidence(outcomes, share);
  return (
    <div className="lf-sources">
      <span className="lf-sources__bar" aria-hidden="true"><span style={{ flexGrow: 100 - share }} />{share > 0 && <span className="is-learned" style={{ flexGrow: share }} />}</span>
      {alone ? <p className="lf-muted">{alone}</p> : <p className="lf-muted"><span>Rules {100 - share}%</span><span>Learned from {plural(outcomes, "outcome")} {share}%</span></p>}
    </div>
  );
}

const OTHERS = "Smaller changes";
const often = (times) => (times < 2 ? "" : times === 2 ? ", twice" : `, ${times} times`);

function LastChange({ change }) {
  const now = useNow();
  if (!change) return null;
  const events = change.causes.reduce((sum, cause) => sum + cause.times, 0);
  return (
    <section className="lf-change" aria-label="Last change">
      <h3 className="lf-change__head">
        <span className="lf-number">{change.before === null ? "New, at " : `${change.before} → `}{change.score}</span>
        <span className="lf-muted"> because of {events === 1 ? "this" : `these ${events} events`}, <time dateTime={new Date(change.at).toISOString()} title={exactTime(change.at)}>{when(change.at, now)}</time></span>
      </h3>
      <ul>{change.causes.map((cause) => <li key={cause.label}><span>{cause.label}{cause.label === OTHERS ? "" : often(cause.times)}</span><span className="lf-number">{points(cause.points)}</span></li>)}</ul>
    </section>
  );
}

function Head() {
  return (
    <>
      <div className="lf-scorecard__head">
        <h2 id="score-title" className="lf-heading">Score</h2>
        <BandChoice />
      </div>
      <HeldBand />
    </>
  );
}

export function LeadScore({ top }) {
  const { lead, score, history, change, error } = useLead();
  if (!lead && error) return null;
  if (!lead) return <section className="lf-card lf-card--padded" aria-busy="true"><Skeleton width={80} /><Skeleton shape="figure" /><Skeleton count={4} /></section>;
  if (typeof score?.score !== "number") return <section className="lf-card lf-card--padded" aria-labelledby="score-title"><Head /><p className="lf-muted">Not scored yet; it takes a moment after a lead comes in.</p></section>;
  const parts = (score.contributions ?? []).map((part) => ({ ...part, value: tenth(part.points) })).filter((part) => part.value !== 0);
  const strongest = [...parts].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, top);
  const most = Math.max(1, ...strongest.map((part) => Math.abs(part.value)));
  return (
    <section className="lf-card lf-card--padded lf-scorecard" aria-labelledby="score-title">
      <Head />
      <p className="lf-scorecard__figure lf-number">{Math.round(score.score)}<span className="lf-muted"> of 100</span></p>
      {score.model && <Sources model={score.model} />}
      <History history={history} />
      <LastChange change={change} />
      {strongest.length === 0
        ? <p className="lf-muted">Nothing has moved this score yet.</p>
        : <ul className="lf-reasons" aria-label="Strongest reasons">{strongest.map((part) => <Reason key={part.label} {...part} most={most} />)}</ul>}
      <Why score={score} parts={parts} />
      <Outlook />
    </section>
  );
}
