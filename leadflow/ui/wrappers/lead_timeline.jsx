// Everything that happened, newest first, by day; what machines did is folded away between what people did.
import { useCallback, useEffect, useRef, useState } from "react";
import { useLead } from "./lead_store.js";
import { MentionText } from "./mentions.jsx";
import { Failed, Icon, Skeleton, clockTime, dayHeading, exactTime, plural, query, rest } from "./kit.js";

const PAGE = 50;
const SAME_MOMENT_MS = 5_000;
const SHORT = 90;
const ICONS = [
  ["behaviour.email", "Mail"], ["behaviour.meeting", "Calendar"], ["behaviour.form", "Note"], ["behaviour.demo", "Flame"],
  ["activity.note", "Note"], ["activity.call", "Phone"], ["activity.email", "Mail"], ["activity.meeting", "Calendar"], ["behaviour.", "Eye"],
  ["task.", "Tasks"], ["lead.won", "Won"], ["lead.lost", "Lost"], ["lead.scored", "Gauge"], ["lead.became_hot", "Flame"], ["lead.became_warm", "Sun"], ["lead.became_cold", "Snowflake"], ["lead.band_", "Pin"], ["lead.enriched", "Sparkles"], ["lead.assigned", "User"],
  ["lead.captured", "Plus"], ["lead.joined", "Plus"], ["lead.stage_changed", "ChevronRight"], ["lead.updated", "Pencil"],
];
const iconOf = (kind) => ICONS.find(([prefix]) => kind.startsWith(prefix))?.[1] ?? "Circle";
const isQuiet = (item) => /^lead\.(scored|enriched|assigned)$/.test(item.kind);
const isHuman = (item) => item.kind.startsWith("activity.");
const isMade = (item) => isQuiet(item) || item.kind.startsWith("behaviour.") || item.kind.startsWith("lead.became_");
const actorOf = (item) => (isMade(item) ? "" : item.actor);
const isShort = (item) => !isHuman(item) && item.detail && item.detail.length <= SHORT;
const scoreOf = ({ data, title }) => (data?.score === undefined ? title : `${Math.round(data.from ?? 0)} → ${Math.round(data.score)}`);

function useTimeline(id, beat) {
  const [state, setState] = useState({ items: null, cursor: null, error: null });
  const load = useCallback(async (cursor) => {
    try {
      const page = await rest("GET", `/leads/${id}/timeline${query({ cursor, limit: PAGE })}`);
      setState((before) => {
        if (cursor) return { items: [...before.items, ...page.items], cursor: page.next_cursor, error: null };
        const known = new Set(page.items.map((item) => item.id));
        const older = (before.items ?? []).filter((item) => !known.has(item.id));
        const isOverlapping = before.items && older.length < before.items.length;
        return isOverlapping ? { items: [...page.items, ...older], cursor: before.cursor, error: null } : { items: page.items, cursor: page.next_cursor, error: null };
      });
    } catch (error) {
      setState((before) => ({ ...before, error }));
    }
  }, [id]);
  useEffect(() => { load(null); }, [load, beat]);
  return { ...state, more: () => load(state.cursor), reload: () => load(null) };
}

// Until when somebody holds a band is told in the reader's own time.
const inWords = (item) => (item.kind === "lead.band_held" && item.data?.until ? { ...item, detail: `${item.detail} (until ${exactTime(item.data.until)})` } : item);

function Entry({ item: told, isNew }) {
  const item = inWords(told);
  const who = actorOf(item);
  return (
    <li className={`lf-entry ${isHuman(item) ? "is-human" : ""} ${isNew ? "is-flash-1" : ""}`}>
      <span className="lf-entry__icon"><Icon name={iconOf(item.kind)} size={14} /></span>
      <div className="lf-entry__body">
        <p className="lf-entry__line">
          <span className="lf-entry__title">{item.title}</span>{who && <span className="lf-muted"> · {who}</span>}
          {isShort(item) && <bdi className="lf-entry__aside lf-muted">{item.detail}</bdi>}
          {item.scored && <span className="lf-tag lf-number">{item.scored}</span>}
        </p>
        {item.detail && !isShort(item) && <p className="lf-entry__detail"><bdi><MentionText text={item.detail} mentions={item.mentions} /></bdi></p>}
      </div>
      <time className="lf-entry__time lf-muted lf-number" dateTime={new Date(item.at).toISOString()} title={exactTime(item.at)}>{clockTime(item.at)}</time>
    </li>
  );
}

function Folded({ items, fresh }) {
  const alike = items.every((item) => item.title === items[0].title);
  return (
    <li className="lf-quiet">
      <details>
        <summary>
          <span className="lf-entry__icon"><Icon name={iconOf(items[0].kind)} size={14} /></span>
          <span><span className="lf-entry__title">{items[0].title}</span>{alike ? `, ${items.length} times` : `, and ${plural(items.length - 1, "automatic change")} before`}</span>
          <Icon name="ChevronRight" size={14} className="lf-quiet__mark" />
          <span className="lf-entry__time lf-number">{clockTime(items[0].at)}</span>
        </summary>
        <ul>{items.map((item) => <Entry key={item.id} item={item} isNew={fresh.has(item.id)} />)}</ul>
      </details>
    </li>
  );
}

// A score that follows an event within seconds is told on that event's own line.
function withScores(items) {
  const told = [];
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    const before = told.at(-1);
    if (item.kind === "lead.scored" && before && !before.scored && item.at - before.at < SAME_MOMENT_MS) told[told.length - 1] = { ...before, scored: scoreOf(item) };
    else told.push(item);
  }
  return told.reverse();
}

function belongsTo(item, group) {
  return group && ((isQuiet(item) && isQuiet(group[0])) || (item.kind.startsWith("behaviour.") && item.kind === group[0].kind && item.title === group[0].title));
}

function byDay(items) {
  const days = [];
  for (const item of items) {
    const heading = dayHeading(item.at);
    if (days.at(-1)?.heading !== heading) days.push({ heading, groups: [] });
    const groups = days.at(-1).groups;
    if (belongsTo(item, groups.at(-1))) groups.at(-1).push(item);
    else groups.push([item]);
  }
  return days;
}

export function LeadTimeline({ filters }) {
  const { lead, id, beat, error: leadError } = useLead();
  const { items, cursor, error, more, reload } = useTimeline(id, beat);
  const [shown, setShown] = useState(filters[0].key);
  const seen = useRef(null);
  const fresh = new Set(seen.current && items ? items.filter((item) => !seen.current.has(item.id)).map((item) => item.id) : []);
  useEffect(() => { if (items) seen.current = new Set(items.map((item) => item.id)); }, [items]);
  const prefixes = filters.find((filter) => filter.key === shown).kinds;
  const wanted = (items ?? []).filter((item) => prefixes.length === 0 || prefixes.some((prefix) => item.kind.startsWith(prefix)));

  if (!lead && leadError) return null;
  if (!lead && !items) return <section aria-busy="true" className="lf-timeline"><Skeleton shape="entry" count={5} /></section>;
  return (
    <section className="lf-timeline" aria-labelledby="timeline-title">
      <div className="lf-timeline__head">
        <h2 id="timeline-title" className="lf-heading">Timeline</h2>
        <div className="lf-segments" role="group" aria-label="Show">
          {filters.map((filter) => (
            <button key={filter.key} type="button" className="lf-segment" aria-pressed={filter.key === shown} onClick={() => setShown(filter.key)}>{filter.label}</button>
          ))}
        </div>
      </div>
      {error && !items && <Failed what="The timeline could not be loaded." error={error} retry={reload} />}
      {!items && !error && <Skeleton shape="entry" count={5} />}
      {items && wanted.length === 0 && <p className="lf-muted lf-timeline__none">{items.length ? "Nothing of this kind yet." : "What happens to this lead is kept here."}</p>}
      {byDay(prefixes.length ? wanted : withScores(wanted)).map((day) => (
        <div key={day.heading} className="lf-day">
          <h3 className="lf-day__heading">{day.heading}</h3>
          <ul>{day.groups.map((group) => (group.length > 1 ? <Folded key={group.at(-1).id} items={group} fresh={fresh} /> : <Entry key={group[0].id} item={group[0]} isNew={fresh.has(group[0].id)} />))}</ul>
        </div>
      ))}
      {cursor && <button type="button" className="lf-button lf-button--small" onClick={more}>Show earlier</button>}
    </section>
  );
}
