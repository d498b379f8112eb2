// The list behind the bell: by day, unread ones marked, read with a click or a key.
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { Empty, Failed, Icon, Skeleton, dayHeading } from "./kit.js";
import { NoticeRow, rowOf } from "./notice_row.jsx";
import { byDay } from "./notice_rules.js";
import { markAllNotices } from "./notices.js";
import { useNotices } from "./use_notices.js";

const linksIn = (list) => [...(list?.querySelectorAll(".lf-told__link") ?? [])];

// Where the focus goes when its row leaves the list: to the row that takes its place, or to the panel.
function useKeptFocus(panel, items) {
  const place = useRef(-1);
  useEffect(() => {
    if (place.current < 0 || document.activeElement !== document.body) return;
    const links = linksIn(panel.current);
    (links[Math.min(place.current, links.length - 1)] ?? panel.current)?.focus();
    place.current = -1;
  }, [items]);
  return () => { place.current = linksIn(panel.current).findIndex((link) => rowOf(link) === rowOf(document.activeElement)); };
}

function keysOf(panel, { items, mark, onClose }) {
  return (event) => {
    if (event.key === "Escape") return (event.stopPropagation(), onClose(false));
    if (event.metaKey || event.ctrlKey || event.altKey) return undefined;
    const links = linksIn(panel.current);
    const row = rowOf(document.activeElement);
    const at = links.findIndex((link) => rowOf(link) === row);
    const notice = row && items.find((each) => each.id === row.dataset.notice);
    const down = () => links[Math.min(at + 1, links.length - 1)]?.focus();
    const up = () => links[Math.max(at - 1, 0)]?.focus();
    const does = { j: down, ArrowDown: down, k: up, ArrowUp: up, ...(notice ? { u: () => mark(notice, !notice.is_read) } : {}) }[event.key];
    if (!does) return undefined;
    event.preventDefault();
    return does();
  };
}

function Nothing({ onlyUnread, showAll }) {
  if (onlyUnread) return <Empty title="You have read everything."><button type="button" className="lf-button" onClick={showAll}>Show all</button></Empty>;
  return <Empty title="Nothing yet. What you should hear about comes here: leads that are given to you, answers, mentions." />;
}

function Head({ onlyUnread, setOnlyUnread, hasUnread, onClose }) {
  return (
    <header className="lf-notices__head">
      <h2 className="lf-heading" id="notices-title">Notifications</h2>
      <div className="lf-segments" role="group" aria-label="Show">
        <button type="button" className="lf-segment" aria-pressed={!onlyUnread} onClick={() => setOnlyUnread(false)}>All</button>
        <button type="button" className="lf-segment" aria-pressed={onlyUnread} onClick={() => setOnlyUnread(true)}>Unread</button>
      </div>
      <button type="button" className="lf-button lf-button--quiet lf-button--small lf-notices__all" disabled={!hasUnread} onClick={markAllNotices}>Mark all read</button>
      <Link className="lf-button lf-button--quiet lf-button--icon lf-button--small" to="/settings?tab=notifications" aria-label="Notification settings" title="Notification settings" onClick={() => onClose(true)}><Icon name="Settings" /></Link>
      <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small lf-notices__close" aria-label="Close" onClick={() => onClose(false)}><Icon name="X" /></button>
    </header>
  );
}

export function NoticePanel({ unread, onClose }) {
  const panel = useRef(null);
  const { items, isMore, error, onlyUnread, setOnlyUnread, mark, more, reload } = useNotices();
  const keep = useKeptFocus(panel, items);
  const marking = (notice, isRead) => { keep(); mark(notice, isRead); };
  useEffect(() => panel.current.focus(), []);
  return (
    <dialog open ref={panel} className="lf-notices" tabIndex={-1} aria-labelledby="notices-title" onKeyDown={keysOf(panel, { items: items ?? [], mark: marking, onClose })}>
      <Head onlyUnread={onlyUnread} setOnlyUnread={setOnlyUnread} hasUnread={unread > 0} onClose={onClose} />
      <div className="lf-notices__list" aria-busy={!items && !error}>
        {error && !items && <Failed what="Your notifications could not be loaded." error={error} retry={reload} />}
        {!items && !error && <Skeleton shape="entry" count={5} />}
        {items?.length === 0 && <Nothing onlyUnread={onlyUnread} showAll={() => setOnlyUnread(false)} />}
        {byDay(items ?? [], dayHeading).map((day) => (
          <section key={day.heading} aria-label={day.heading}>
            <h3 className="lf-notices__day">{day.heading}</h3>
            <ul>{day.items.map((notice) => <NoticeRow key={notice.id} notice={notice} mark={marking} onOpen={() => onClose(true)} />)}</ul>
          </section>
        ))}
        {isMore && <button type="button" className="lf-button lf-button--small lf-notices__more" onClick={more}>Show earlier</button>}
      </div>
      <p className="lf-notices__keys" aria-hidden="true"><kbd className="lf-kbd">j</kbd><kbd className="lf-kbd">k</kbd> move <kbd className="lf-kbd">u</kbd> read or unread <kbd className="lf-kbd">Enter</kbd> open</p>
    </dialog>
  );
}
