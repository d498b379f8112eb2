// Who did what: a searchable list that is only ever added to, and the proof that it is whole.
import { Fragment, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { API, Avatar, CopyText, Empty, Failed, Icon, Skeleton, UrlClear, UrlSelect, UrlText, exactTime, number, plural, query, rest, useNow, useOnce, useRest, useUrl, when, words } from "./kit.js";
import "./audit.css";

const PAGE = 50;
const FILTERS = ["q", "who", "kind", "since"];
const DAYS = { "7d": 7, "30d": 30, "90d": 90 };
const SINCE = [{ value: "today", label: "Today" }, { value: "7d", label: "Last 7 days" }, { value: "30d", label: "Last 30 days" }, { value: "90d", label: "Last 90 days" }];
const SHORT = 8;

function startOf(since) {
  if (since === "today") return new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
  return DAYS[since] ? new Date(Date.now() - DAYS[since] * 86_400_000).toISOString() : null;
}

const asked = ({ q, who, kind, since }) => ({ q, actor: who, kind, since: startOf(since) });

// Pages of entries; a newer question always wins over an older answer.
function useTrail(wanted) {
  const key = JSON.stringify(wanted);
  const [pages, setPages] = useState({ items: null, cursor: null, loading: true, error: null });
  const running = useRef(null);
  const load = useCallback(async (cursor) => {
    running.current?.abort();
    const controller = (running.current = new AbortController());
    setPages((before) => ({ ...before, loading: true, error: null }));
    try {
      const page = await rest("GET", `/audit${query({ ...asked(JSON.parse(key)), cursor, limit: PAGE })}`, undefined, { signal: controller.signal });
      setPages((before) => ({ items: cursor ? [...before.items, ...page.items] : page.items, cursor: page.next_cursor, loading: false, error: null }));
    } catch (error) {
      if (error.name !== "AbortError") setPages((before) => ({ ...before, loading: false, error }));
    }
  }, [key]);
  useEffect(() => {
    load(null);
    return () => running.current?.abort();
  }, [load]);
  return { ...pages, more: () => load(pages.cursor), reload: () => load(null) };
}

function Proof() {
  const { data, error, loading, reload } = useRest("/audit/proof");
  const again = <button type="button" className="lf-button lf-button--quiet lf-button--small" onClick={reload} disabled={loading}><Icon name="Reload" size={14} /> Check again</button>;
  if (error) return <div className="lf-proof" role="alert"><Icon name="ShieldAlert" /><p className="lf-proof__text">The entries could not be checked. {error.message}</p>{again}</div>;
  if (!data) return <div className="lf-proof" role="status"><Skeleton width={16} /><p className="lf-proof__text lf-muted">Checking every entry</p></div>;
  const { entries, head, waiting, broken } = data;
  if (broken) {
    return (
      <div className="lf-proof lf-proof--broken" role="alert">
        <Icon name="ShieldAlert" />
        <p className="lf-proof__text"><strong>Broken.</strong> {broken.message} Somebody has changed the database itself: tell whoever runs this installation, and do not rely on entries from {number(broken.number)} on.</p>
        {again}
      </div>
    );
  }
  return (
    <div className="lf-proof" role="status">
      <Icon name="ShieldCheck" className="lf-proof__ok" />
      <p className="lf-proof__text" title="Each entry is sealed to the one before it. All of them were checked just now: none was changed, added or removed.">
        <strong>{loading ? "Checking" : "Unbroken"}</strong>
        <span className="lf-muted lf-number"> · {plural(entries, "entry", "entries")}{waiting > 0 && ` · ${number(waiting)} more in a moment`}</span>
      </p>
      {head && <span title="The fingerprint of the last entry. Kept elsewhere, it proves everything before it."><CopyText text={head} label={head.slice(0, SHORT)} className="lf-button lf-button--quiet lf-button--small lf-proof__head" /></span>}
      {again}
    </div>
  );
}

const told = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function More({ item, id, names }) {
  return (
    <tr role="row" id={id} className="lf-audit__more">
      <td role="cell" colSpan={4}>
        <dl>
          <dt>Entry</dt><dd className="lf-number">{number(item.number)} <code className="lf-code">{item.kind}</code></dd>
          <dt>Happened</dt><dd>{exactTime(item.at)}</dd>
          {item.source && <><dt>From</dt><dd>{words(item.source)}</dd></>}
          {item.lead && <><dt>Lead</dt><dd><Link className="lf-link" to={`/leads/${item.lead}`}>Open the lead</Link></dd></>}
          {Object.entries(item.data).map(([key, value]) => <Fragment key={key}><dt>{words(key)}</dt><dd><bdi>{value === null || value === "" ? "–" : names.get(value) ?? told(value)}</bdi></dd></Fragment>)}
          <dt>Fingerprint</dt><dd><code className="lf-audit__hash">{item.hash}</code></dd>
        </dl>
      </td>
    </tr>
  );
}

function Entry({ item, now, names }) {
  const [isOpen, setOpen] = useState(false);
  const { id, kind, name } = item.actor;
  return (
    <>
      <tr role="row" className={`lf-audit__row ${isOpen ? "is-open" : ""}`} onClick={(event) => !event.target.closest("button, a") && !getSelection().toString() && setOpen(!isOpen)}>
        <td role="cell" className="lf-audit__when lf-muted lf-number"><time dateTime={new Date(item.at).toISOString()} title={exactTime(item.at)}>{when(item.at, now)}</time></td>
        <td role="cell" className="lf-audit__who"><span>{kind === "person" ? <Avatar person={{ id, name }} /> : <Icon name="Settings" size={14} />}<bdi className="lf-clip" title={name}>{name}</bdi></span></td>
        <td role="cell" className="lf-audit__what"><bdi>{item.words}</bdi>{item.detail && <bdi className="lf-audit__detail lf-muted">{item.detail}</bdi>}</td>
        <td role="cell" className="lf-audit__open">
          <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-expanded={isOpen} aria-controls={isOpen ? `entry-${item.number}` : undefined} aria-label={`Details of entry ${item.number}: ${item.words}`} onClick={() => setOpen(!isOpen)}><Icon name="ChevronRight" size={14} /></button>
        </td>
      </tr>
      {isOpen && <More item={item} id={`entry-${item.number}`} names={names} />}
    </>
  );
}

function Entries({ items, loading, names }) {
  const now = useNow();
  return (
    <table role="table" className="lf-audit__table" aria-label="Audit trail" aria-busy={loading}>
      <thead role="rowgroup"><tr role="row"><th role="columnheader">When</th><th role="columnheader">Who</th><th role="columnheader">What</th><th role="columnheader"><span className="lf-visually-hidden">Details</span></th></tr></thead>
      <tbody role="rowgroup">{items.map((item) => <Entry key={item.number} item={item} now={now} names={names} />)}</tbody>
    </table>
  );
}

export function AuditTrail({ kinds }) {
  const [params, setUrl] = useUrl();
  const wanted = useMemo(() => Object.fromEntries(FILTERS.map((key) => [key, params.get(key)]).filter(([, value]) => value)), [params]);
  const { items, cursor, loading, error, more, reload } = useTrail(wanted);
  const people = useOnce("/people")?.items ?? [];
  const names = new Map(people.map((person) => [person.id, person.name]));
  const isFiltered = Object.keys(wanted).length > 0;
  const clear = () => setUrl(Object.fromEntries(FILTERS.map((key) => [key, ""])));
  return (
    <div className="lf-audit">
      <Proof />
      <div className="lf-toolbar">
        <UrlText param="q" placeholder="Find in the audit trail" />
        <UrlSelect param="who" label="Who" options={people.map((person) => ({ value: person.id, label: person.name }))} />
        <UrlSelect param="kind" label="What" options={kinds} />
        <UrlSelect param="since" label="When" options={SINCE} />
        <UrlClear keep={["tab"]} />
        <div className="lf-toolbar__end"><a className="lf-button" href={`${API}/audit/export${query(asked(wanted))}`} download><Icon name="Download" /> Export</a></div>
      </div>
      {error && !items && <Failed what="The audit trail could not be loaded." error={error} retry={reload} />}
      {!items && !error && <Skeleton shape="row" count={10} />}
      {items?.length === 0 && (isFiltered
        ? <Empty title="No entry matches these filters."><button type="button" className="lf-button" onClick={clear}>Clear filters</button></Empty>
        : <Empty title="What people change in this organization is written down here within a moment."><button type="button" className="lf-button" onClick={reload}>Look again</button></Empty>)}
      {items?.length > 0 && <Entries items={items} loading={loading} names={names} />}
      {items && error && <p className="lf-error lf-error--block" role="alert">Loading failed. {error.message} <button type="button" className="lf-button lf-button--small" onClick={cursor ? more : reload}>Try again</button></p>}
      {items?.length > 0 && cursor && !error && <button type="button" className="lf-button lf-audit__next" onClick={more} disabled={loading}>{loading ? "Loading" : "Show earlier"}</button>}
    </div>
  );
}
