// How soon people get in touch: altogether, by person and by source, in working time.
import { Avatar, Empty, Failed, Skeleton, UrlSelect, number, plural, seconds, sees, useMe, useRest, useUrl, words } from "./kit.js";
import "./work.css";
import "./speed.css";

const DAYS = [{ value: "7", label: "Last 7 days" }, { value: "30", label: "Last 30 days" }, { value: "90", label: "Last 90 days" }];
const USUAL = "30";

const share = (part, whole) => (whole ? `${number((100 * part) / whole)} %` : "–");

function Figure({ label, title, children }) {
  return <div className="lf-figure" title={title}><dt>{label}</dt><dd className="lf-number">{children}</dd></div>;
}

function Totals({ total }) {
  const kept = total.promised - total.breached;
  return (
    <dl className="lf-figures lf-speed__total">
      <Figure label="Median" title={`From coming in to the first call, e-mail or meeting, in working time; ${seconds(total.median_clock_s)} by the clock.`}>{seconds(total.median_s)}</Figure>
      <Figure label="90th percentile" title={`Nine of ten waited no longer; ${seconds(total.p90_clock_s)} by the clock.`}>{seconds(total.p90_s)}</Figure>
      <Figure label="Answered" title={`${plural(total.answered, "lead")} of ${number(total.leads)}`}>{share(total.answered, total.leads)}</Figure>
      <Figure label="Within the promised time" title={`${number(kept)} of ${plural(total.promised, "lead")} with a promise, those that still have time included`}>{share(kept, total.promised)}</Figure>
    </dl>
  );
}

function Line({ item, longest, isPerson }) {
  const name = isPerson ? item.name ?? "Nobody" : words(item.key) || "No source";
  const part = longest ? (item.median_s ?? 0) / longest : 0;
  return (
    <tr role="row">
      <th role="rowheader" scope="row"><span className="lf-speed__who">{isPerson && <Avatar person={item.key ? { id: item.key, name } : null} />}<bdi className="lf-clip" title={name}>{name}</bdi></span></th>
      <td role="cell" data-label="Median"><span className="lf-speed__bar" style={{ "--part": part }} aria-hidden="true" /><span className="lf-number" title={item.median_clock_s === null ? undefined : `${seconds(item.median_clock_s)} by the clock`}>{seconds(item.median_s)}</span></td>
      <td role="cell" data-label="90 %" className="lf-number" title={item.p90_clock_s === null ? undefined : `${seconds(item.p90_clock_s)} by the clock`}>{seconds(item.p90_s)}</td>
      <td role="cell" data-label="Answered" className="lf-number">{number(item.answered)} <span className="lf-muted">of {number(item.leads)}</span></td>
      <td role="cell" data-label="Too late" className={`lf-number ${item.breached ? "lf-speed__late" : "lf-muted"}`}>{item.promised ? `${number(item.breached)} of ${number(item.promised)}` : "–"}</td>
    </tr>
  );
}

function Table({ by, label, items }) {
  const longest = Math.max(0, ...items.map((item) => item.median_s ?? 0));
  return (
    <section>
      <h2 className="lf-subheading">{label}</h2>
      <table role="table" className="lf-speed__table" aria-label={label}>
        <thead role="rowgroup"><tr role="row">{[label.replace("By ", "").replace(/^./, (first) => first.toUpperCase()), "Median", "90th percentile", "Answered", "Too late"].map((each) => <th role="columnheader" scope="col" key={each}>{each}</th>)}</tr></thead>
        <tbody role="rowgroup">{items.map((item) => <Line key={item.key ?? ""} item={item} longest={longest} isPerson={by === "person"} />)}</tbody>
      </table>
    </section>
  );
}

export function SpeedReport() {
  const [params] = useUrl();
  const days = params.get("days") || USUAL;
  const people = useRest(`/speed?by=person&days=${days}`);
  const bySource = sees(useMe(), "source");
  const sources = useRest(bySource ? `/speed?by=source&days=${days}` : null);
  const error = people.error ?? sources.error;
  const isThere = people.data && (sources.data || !bySource);
  if (error && !isThere) return <Failed what="The times could not be loaded." error={error} retry={() => { people.reload(); sources.reload(); }} />;
  if (!isThere) return <Skeleton shape="row" count={8} />;
  return (
    <div className="lf-speed">
      <div className="lf-toolbar">
        <UrlSelect param="days" label="Came in" options={DAYS} usual={USUAL} />
        <p className="lf-muted lf-speed__what">From coming in to the first call, e-mail or meeting, in the working time of whoever has the lead.</p>
      </div>
      {people.data.total.leads === 0
        ? <Empty title="No lead has come in during this time."><span className="lf-muted">Choose a longer one.</span></Empty>
        : <><Totals total={people.data.total} /><Table by="person" label="By person" items={people.data.items} />{bySource && <Table by="source" label="By source" items={sources.data.items} />}</>}
    </div>
  );
}
