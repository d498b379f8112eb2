// Sources by what their leads have come to: the share won with its range, the time it takes, and the money.
import { Link } from "react-router";
import { Empty, Failed, Icon, Skeleton, money, number, plural, sees, useMe, useRest, useUrl, words } from "./kit.js";
import "./sources.css";

const percent = (share) => `${(100 * share).toFixed(share < 0.0995 && share > 0 ? 1 : 0)} %`;
const valueOf = (item) => item.won_value?.reduce((sum, each) => sum + each.value, 0) ?? null;

const COLUMNS = [
  { key: "source", label: "Source", by: (item) => item.source.toLowerCase(), isText: true },
  { key: "leads", label: "Leads", by: (item) => item.leads },
  { key: "won", label: "Won", by: (item) => item.won },
  { key: "share", label: "Share won", by: (item) => item.conversion },
  { key: "days", label: "Days to win", by: (item) => item.median_days_to_win },
  { key: "value", label: "Value won", by: valueOf, field: "value" },
  { key: "bad", label: "Bad addresses", by: (item) => (item.bad_addresses === null ? null : item.bad_addresses / Math.max(item.leads, 1)), field: "email" },
];

// Unknown figures stand last in either direction.
function sorted(items, column, isUp) {
  const known = items.filter((item) => column.by(item) !== null);
  known.sort((a, b) => (column.by(a) < column.by(b) ? -1 : column.by(a) > column.by(b) ? 1 : 0) * (isUp ? 1 : -1));
  return [...known, ...items.filter((item) => column.by(item) === null)];
}

function Heads({ columns, sort, onSort }) {
  return (
    <thead role="rowgroup"><tr role="row">{columns.map(({ key, label }) => {
      const isNow = sort.key === key;
      return (
        <th key={key} role="columnheader" scope="col" className={key === "share" ? "lf-sources__share" : undefined} aria-sort={isNow ? (sort.isUp ? "ascending" : "descending") : "none"}>
          <button type="button" className="lf-sources__sort" onClick={() => onSort(key)}>{label}{isNow && <Icon name={sort.isUp ? "ArrowUp" : "ArrowDown"} size={12} />}</button>
        </th>
      );
    })}</tr></thead>
  );
}

// The range as a bar, the share as a mark on it, and everybody's share as a line across.
function Range({ item, usual, most }) {
  const at = (share) => `${(100 * share) / most}%`;
  if (item.conversion === null) return <span className="lf-muted">After {plural(item.missing, "more decided lead")}</span>;
  const said = `${percent(item.conversion)}, likely between ${percent(item.conversion_low)} and ${percent(item.conversion_high)}, from ${plural(item.evidence, "lead")}`;
  return (
    <span className="lf-range" title={said}>
      <span className="lf-range__track" aria-hidden="true">
        <span className="lf-range__bar" style={{ left: at(item.conversion_low), width: at(item.conversion_high - item.conversion_low) }} />
        <span className="lf-range__mark" style={{ left: at(item.conversion) }} />
        {usual !== null && <span className="lf-range__usual" style={{ left: at(usual) }} />}
      </span>
      <span className="lf-range__words lf-number">{percent(item.conversion)} <span className="lf-muted">{percent(item.conversion_low).replace(" %", "")}–{percent(item.conversion_high)}</span></span>
    </span>
  );
}

function Row({ item, columns, usual, most }) {
  const name = words(item.source) || "No source";
  const cells = {
    leads: <>{item.source ? <Link className="lf-link" to={`/leads?source=${encodeURIComponent(item.source)}`}>{number(item.leads)}</Link> : number(item.leads)}<span className="lf-muted lf-sources__young" title="Open, and too young to judge: they count with what they have shown so far">{item.too_young > 0 && `${number(item.too_young)} young`}</span></>,
    won: number(item.won),
    share: <Range item={item} usual={usual} most={most} />,
    days: item.median_days_to_win === null ? "–" : number(item.median_days_to_win),
    value: item.won_value?.length ? item.won_value.map((each) => <span key={each.currency}>{money(each.value, each.currency, { tight: true })} </span>) : "–",
    bad: item.bad_addresses ? <>{percent(item.bad_addresses / item.leads)} <span className="lf-muted">{number(item.bad_addresses)}</span></> : "–",
  };
  return (
    <tr role="row">
      <th role="rowheader" scope="row"><bdi className="lf-clip" title={name}>{name}</bdi></th>
      {columns.slice(1).map(({ key, label }) => <td key={key} role="cell" data-label={label} className={key === "share" ? "lf-number lf-sources__share" : "lf-number"}><span>{cells[key]}</span></td>)}
    </tr>
  );
}

function Table({ report }) {
  const me = useMe();
  const [params, setUrl] = useUrl();
  const columns = COLUMNS.filter(({ field }) => !field || sees(me, field));
  const wanted = params.get("sort") ?? "-leads";
  const key = wanted.replace(/^-/, "");
  const column = columns.find((each) => each.key === key) ?? columns[1];
  const sort = { key: column.key, isUp: !wanted.startsWith("-") };
  const onSort = (next) => setUrl({ sort: next === sort.key ? `${sort.isUp ? "-" : ""}${next}` : `${COLUMNS.find((each) => each.key === next).isText ? "" : "-"}${next}` });
  const most = Math.max(0.05, ...report.items.map((item) => item.conversion_high ?? 0));
  return (
    <table role="table" className="lf-sources__table" aria-label="Sources">
      <Heads columns={columns} sort={sort} onSort={onSort} />
      <tbody role="rowgroup">{sorted(report.items, column, sort.isUp).map((item) => <Row key={item.source} item={item} columns={columns} usual={report.total.conversion} most={most} />)}</tbody>
    </table>
  );
}

export function SourceReport() {
  const me = useMe();
  const isTold = !me || sees(me, "source");
  const { data, error, reload } = useRest(me && isTold ? "/intelligence/sources" : null);
  if (!isTold) return <p className="lf-muted">Your role does not see where leads come from.</p>;
  if (error && !data) return <Failed what="The sources could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="row" count={8} />;
  if (data.items.length === 0) return <Empty title="What leads from each source come to stands here once there are leads."><Link className="lf-button" to="/import">Import leads</Link></Empty>;
  const usual = data.total.conversion;
  return (
    <div className="lf-sources">
      <p className="lf-muted lf-sources__what">
        Share won: how many leads are won within {plural(data.horizon_days, "day")} of coming in, with the range that the true share most likely lies in.
        {usual !== null && <> All sources together: {percent(usual)}, the line across.</>} A share needs {number(data.minimum)} leads that were won or lost.
      </p>
      <Table report={data} />
    </div>
  );
}
