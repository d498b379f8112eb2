// The last line of the list: how many leads there are, what they are worth and how warm they are, under their columns.
import { number } from "./kit.js";
import { Sums } from "./group_head.jsx";

const leads = (total, capped) => `${number(total.count)}${capped ? "+" : ""} ${total.count === 1 && !capped ? "lead" : "leads"}`;
const CAPPED = "Sums are shown for up to 5,000 leads. Filter the list, or group it.";

function Figure({ of, total, capped }) {
  if (of === "name") return <span className="lf-number">{leads(total, capped)}</span>;
  if (of === "score") return total.mean === null ? <span title={capped ? CAPPED : undefined} /> : <span className="lf-number" title="The mean score of all leads of the list">Mean {total.mean}</span>;
  if (of === "value" && total.values === null && capped) return <span title={CAPPED}>–</span>;
  return of === "value" ? <Sums values={total.values} most={2} /> : null;
}

export function LeadSums({ columns, total, capped, hasPick }) {
  if (!total) return null;
  return (
    <div role="rowgroup" className="lf-tfoot">
      <div role="row" className="lf-tr" aria-label="All leads of the list">
        {hasPick && <div role="cell" className="lf-td" />}
        {columns.map((column) => <div key={column.key} role="cell" className={`lf-td ${column.align ? "is-end" : ""}`}><Figure of={column.key} total={total} capped={capped} /></div>)}
      </div>
    </div>
  );
}
