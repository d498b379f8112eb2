// One notification: a line that leads somewhere, and a button that marks it.
import { Link } from "react-router";
import { Icon, exactTime, useNow, when } from "./kit.js";

const ICONS = {
  assigned: "User", mentioned: "At", became_hot: "Flame", overdue: "Timer", came_back: "Mail", task_given: "Tasks", import_finished: "Upload", scoring_alarm: "ShieldAlert",
};

export const rowOf = (element) => element?.closest?.("[data-notice]");

export function NoticeRow({ notice, mark, onOpen }) {
  const now = useNow();
  const open = () => { if (!notice.is_read) mark(notice, true); onOpen(); };
  return (
    <li className={`lf-told ${notice.is_read ? "" : "is-unread"}`} data-notice={notice.id}>
      <span className="lf-told__dot" aria-hidden="true" />
      <span className={`lf-told__icon lf-told__icon--${notice.kind}`}><Icon name={ICONS[notice.kind] ?? "Bell"} size={14} /></span>
      <Link className="lf-told__link" to={notice.href} onClick={open}>
        {!notice.is_read && <span className="lf-visually-hidden">Unread: </span>}
        <span className="lf-told__line">{notice.parts.map((part, at) => (part.role ? <bdi key={at} className={part.role === "name" ? "lf-told__name" : undefined}>{part.text}</bdi> : <span key={at}>{part.text}</span>))}</span>
      </Link>
      <time className="lf-told__time lf-muted lf-number" dateTime={new Date(notice.at).toISOString()} title={exactTime(notice.at)}>{when(notice.at, now)}</time>
      <button
        type="button" className="lf-told__mark" aria-label={`Mark as ${notice.is_read ? "unread" : "read"}: ${notice.text}`} title={`Mark as ${notice.is_read ? "unread" : "read"}`}
        onClick={() => mark(notice, !notice.is_read)}
      >
        <Icon name={notice.is_read ? "Circle" : "Check"} size={14} />
      </button>
    </li>
  );
}
