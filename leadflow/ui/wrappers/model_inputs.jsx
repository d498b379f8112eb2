// What comes in: values of new leads and behaviours, now and before; and what the model learned of it.
import { Icon, number } from "./kit.js";
import { outcomes } from "./model_figures.jsx";

const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const rate = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const index = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const long = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
const brief = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const STATES = { steady: ["lf-muted", "As before"], notable: ["lf-warn", "Somewhat different"], shifted: ["lf-mshift__far", "Different"] };
const FEW = 6;

function ShiftRow({ shift }) {
  const [tone, word] = STATES[shift.state];
  return (
    <tr role="row">
      <th role="rowheader" scope="row">{shift.label}</th>
      <td role="cell" data-label="Now" className={tone}><span title={`Population stability index ${index.format(shift.index)}; from 0.10 notable, from 0.25 a shift`}>{word}</span></td>
      <td role="cell" data-label="Most different" className="lf-mshift__shares">{shift.state === "steady" ? <span className="lf-muted">–</span> : shift.shares.filter((each) => each.before !== each.lately).map((each) => <span key={each.value}><bdi>{each.value}</bdi> <span className="lf-number">{percent.format(each.before)} <span aria-hidden="true">→</span><span className="lf-visually-hidden">to</span> {percent.format(each.lately)}</span></span>)}</td>
      <td role="cell" data-label="Leads" className="lf-number">{number(shift.leads_lately)} <small className="lf-muted">before {number(shift.leads_before)}</small></td>
    </tr>
  );
}

export function Shifts({ inputs }) {
  if (!inputs.length) return <p className="lf-muted">Once 50 leads have come in during a week, and 50 in the four weeks before, it is said here whether they are alike.</p>;
  const shown = inputs.filter((each, place) => place < FEW || each.state !== "steady");
  const rest = inputs.length - shown.length;
  return (
    <>
      <table role="table" className="lf-mtable" aria-label="New leads, the last seven days against the four weeks before">
        <thead role="rowgroup"><tr role="row">{["New leads", "Now", "Most different", "Leads"].map((each) => <th role="columnheader" scope="col" key={each}>{each}</th>)}</tr></thead>
        <tbody role="rowgroup">{shown.map((each) => <ShiftRow key={each.label} shift={each} />)}</tbody>
      </table>
      {rest > 0 && <p className="lf-muted lf-mhelp">{rest} more, all as before.</p>}
    </>
  );
}

export function Flows({ behaviours }) {
  if (!behaviours.length) return <p className="lf-muted">Nothing has come in yet.</p>;
  return (
    <table role="table" className="lf-mtable" aria-label="What comes in a day">
      <thead role="rowgroup"><tr role="row">{["A day", "Last 7 days", "Before", "Now"].map((each) => <th role="columnheader" scope="col" key={each}>{each}</th>)}</tr></thead>
      <tbody role="rowgroup">
        {behaviours.map((each) => (
          <tr role="row" key={each.label}>
            <th role="rowheader" scope="row">{each.label}</th>
            <td role="cell" data-label="Last 7 days" className="lf-number">{rate.format(each.lately)}</td>
            <td role="cell" data-label="Before" className="lf-number">{rate.format(each.before)}</td>
            <td role="cell" data-label="Now">{each.silence ? <span className="lf-mshift__far"><Icon name="ShieldAlert" size={14} /> Since {brief.format(Date.parse(each.silence.since))} {number(each.silence.came)} instead of {number(Math.round(each.silence.usual))}</span> : <span className="lf-muted">Comes in</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Learned({ learned, words }) {
  if (!learned) return <p className="lf-muted">Nothing yet. It learns from each lead that {words.ends}, and from those that stay open for long.</p>;
  const counts = [[learned.won, words.done], [learned.lost, words.undone], [learned.timed_out, words.waited], [learned.taken_back, "taken back"]];
  const told = counts.filter(([count]) => count).map(([count, word]) => `${number(count)} ${word}`).join(", ");
  return (
    <>
      <p className="lf-mhelp">{!learned.is_today && <>Nothing today; the last was {long.format(Date.parse(learned.day))}. </>}{told ? `Leads it learned from: ${told}.` : ""}</p>
      {learned.changes.length > 0 && (
        <ul className="lf-rows" aria-label="What it thinks otherwise">
          {learned.changes.map((change) => (
            <li key={change.says} className="lf-rows__row lf-mlearned">
              <span className={change.by > 0 ? "lf-mlearned__up" : "lf-mlearned__down"} aria-hidden="true">{change.by > 0 ? "▲" : "▼"}</span>
              <div className="lf-rows__main"><span className="lf-rows__title">{change.says}</span><span className="lf-muted">from {outcomes(change.outcomes)} with it, {number(Math.round(change.wins))} {words.done}</span></div>
              <span className="lf-number lf-muted" title={`${change.by > 0 ? "+" : ""}${index.format(change.by)} in log-odds`}>odds × {index.format(change.odds)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
