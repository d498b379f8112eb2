// What other rules would have done: before and after, each number with what it rests on.
import { Link } from "react-router";
import { Avatar, Band, Failed, Icon, exactTime, number, plural } from "./kit.js";

const BANDS = ["hot", "warm", "cold"];
const tenth = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const UNITS = { share: (value) => percent.format(value), times: (value) => `${tenth.format(value)} ×`, nats: (value) => exact.format(value) };
const text = (unit, value) => (UNITS[unit] ?? tenth.format)(value);

function verdict({ before, after, better, unit }) {
  if (before.value === null || after.value === null || text(unit, before.value) === text(unit, after.value)) return null;
  const isBetter = after.value > before.value === (better === "up");
  return { word: isBetter ? "better" : "worse", tone: isBetter ? "is-better" : "is-worse", sign: after.value > before.value ? "▲" : "▼" };
}

function Value({ unit, figure, minimum, label }) {
  return (
    <td role="cell" data-label={label} className="lf-number">
      <span className="lf-sreport__value">
        {figure.value === null ? <span className="lf-muted">Too few</span> : text(unit, figure.value)}
        <small className="lf-muted">{figure.value === null ? `${number(figure.evidence)} of ${minimum} leads` : plural(figure.evidence, "lead")}</small>
      </span>
    </td>
  );
}

function Figures({ report }) {
  return (
    <table role="table" className="lf-sreport__table" aria-label={`How well scores told who ${report.words.does}`}>
      <thead role="rowgroup"><tr role="row">{["Figure", "Live now", "With these rules", ""].map((each) => <th role="columnheader" scope="col" key={each}>{each || <span className="lf-visually-hidden">Change</span>}</th>)}</tr></thead>
      <tbody role="rowgroup">
        {report.figures.map((figure) => {
          const change = verdict(figure);
          return (
            <tr role="row" key={figure.key}>
              <th role="rowheader" scope="row"><span className="lf-sreport__name">{figure.label}</span><span className="lf-muted lf-sreport__help">{figure.help}</span></th>
              <Value label="Live now" unit={figure.unit} figure={figure.before} minimum={report.minimum} />
              <Value label="With these rules" unit={figure.unit} figure={figure.after} minimum={report.minimum} />
              <td role="cell" data-label="Change" className="lf-number">{change ? <span className={`lf-sreport__change ${change.tone}`}><span aria-hidden="true">{change.sign}</span> {change.word}</span> : <span className="lf-muted">–</span>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Moves({ moves }) {
  return (
    <table role="table" className="lf-sreport__table lf-sreport__moves" aria-label="Open leads by band, before and after">
      <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Live now <span aria-hidden="true">↓</span> with these rules <span aria-hidden="true">→</span></th>{BANDS.map((band) => <th role="columnheader" scope="col" key={band}><Band band={band} /></th>)}</tr></thead>
      <tbody role="rowgroup">
        {BANDS.map((old) => (
          <tr role="row" key={old}>
            <th role="rowheader" scope="row"><Band band={old} /></th>
            {BANDS.map((band) => <td role="cell" key={band} className={`lf-number ${band === old ? "lf-muted" : moves[old][band] ? "is-moved" : "lf-muted"}`}>{number(moves[old][band])}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Workload({ rows }) {
  const week = ({ leads, per_week: each }) => <span className="lf-sreport__value">{tenth.format(each)}<small className="lf-muted">{plural(leads, "lead")}</small></span>;
  return (
    <table role="table" className="lf-sreport__table" aria-label="Hot leads per week, by owner">
      <thead role="rowgroup"><tr role="row">{["Owner", "Live now", "With these rules"].map((each) => <th role="columnheader" scope="col" key={each}>{each}</th>)}</tr></thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" key={row.owner ?? ""}>
            <th role="rowheader" scope="row"><span className="lf-sreport__who"><Avatar person={row.owner && { id: row.owner, name: row.name ?? "" }} /><bdi className="lf-clip">{row.owner ? row.name ?? "Somebody who is no longer here" : "Nobody"}</bdi></span></th>
            <td role="cell" data-label="Live now" className="lf-number">{week(row.before)}</td>
            <td role="cell" data-label="With these rules" className="lf-number">{week(row.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Changed({ rows, total }) {
  return (
    <>
      <ul className="lf-rows" aria-label="Leads whose band would be another">
        {rows.map((row) => (
          <li key={row.lead} className="lf-rows__row lf-schanged">
            <div className="lf-rows__main"><Link className="lf-rows__title lf-clip" to={`/leads/${row.lead}`}><bdi>{row.name || "No name"}</bdi></Link>{row.company && <bdi className="lf-muted lf-clip">{row.company}</bdi>}</div>
            <span className="lf-schanged__move lf-number"><Band band={row.before.band} /> {row.before.score} <span aria-hidden="true">→</span><span className="lf-visually-hidden">to</span> <Band band={row.after.band} /> {row.after.score}</span>
          </li>
        ))}
      </ul>
      {total > rows.length && <p className="lf-muted">{rows.length ? `The ${number(rows.length)} that move farthest of ${number(total)}.` : `${plural(total, "lead")}, none of them in your reach.`}</p>}
    </>
  );
}

function basis({ events, leads, outcomes, since, words }) {
  const warm = events.warm_up ? `, after ${plural(events.warm_up, "older one")} to warm up` : "";
  const skipped = events.skipped ? ` ${plural(events.skipped, "still older one")} left out.` : "";
  return `${plural(events.window, "event")} of ${plural(leads, "lead")} since ${exactTime(since)}${warm}; ${number(outcomes.won)} ${words.done}, ${number(outcomes.lost)} ${words.undone}. Both sets of rules began with nothing learned.${skipped}`;
}

export function Report({ report }) {
  const moved = BANDS.flatMap((old) => BANDS.filter((band) => band !== old).map((band) => report.moves[old][band])).reduce((sum, each) => sum + each, 0);
  if (report.leads === 0) return <p className="lf-muted">Nothing has happened to any lead in this time, so there is nothing to try the rules on.</p>;
  return (
    <div className="lf-sreport">
      <p className="lf-muted">{basis(report)}</p>
      <Figures report={report} />
      <div className="lf-sreport__pair">
        <section aria-label="Bands"><h3 className="lf-subheading">{moved ? `${plural(moved, "open lead")} would be in another band` : "Every open lead would stay in its band"}</h3><Moves moves={report.moves} /></section>
        <section aria-label="Work"><h3 className="lf-subheading">Hot leads per week</h3>{report.workload.length ? <Workload rows={report.workload} /> : <p className="lf-muted">No lead was hot in this time under either.</p>}</section>
      </div>
      {moved > 0 && <section aria-label="Leads"><h3 className="lf-subheading">Who would change band</h3><Changed rows={report.changed} total={moved} /></section>}
    </div>
  );
}

export function Tried({ backtest }) {
  const { test, error, isBusy, isOld, run } = backtest;
  if (!test && !error && !isBusy) return null;
  const part = test?.events ? test.replayed / test.events : undefined;
  return (
    <section className="lf-sgroup lf-stried" aria-label="Tried on the last 90 days" id="tried" tabIndex={-1}>
      <div className="lf-sgroup__head"><h2 className="lf-heading">Tried on the last 90 days</h2>{isOld && !isBusy && <span className="lf-stried__old"><span className="lf-warn">You have changed the rules since.</span> <button type="button" className="lf-button lf-button--small" onClick={run}><Icon name="Reload" size={14} /> Try again</button></span>}</div>
      {isBusy && <div role="status"><p className="lf-muted">{part === undefined ? "Getting ready…" : `${number(test.replayed)} of ${plural(test.events, "event")} replayed. Nothing is changed by it.`}</p><progress className="lf-progress" value={part} aria-label="Replayed so far" /></div>}
      {error && (error.errors?.length ? <p className="lf-error" role="alert">The rules cannot be tried until what is marked above is put right.</p> : <Failed what="The rules could not be tried." error={error} retry={run} />)}
      {test?.state === "failed" && <Failed what="The rules could not be tried." error={{ message: "It was given up after several attempts." }} retry={run} />}
      {test?.state === "replaced" && <p className="lf-muted">Somebody has started another trial, and this one was stopped. <button type="button" className="lf-linkbutton" onClick={run}>Start it again</button></p>}
      {test?.report && <div className={isOld ? "is-old" : ""}><Report report={test.report} /></div>}
    </section>
  );
}
