// How long there is left to get in touch: said in words, coloured from the reminder on, and in the past when it is over.
import { useEffect, useRef, useState } from "react";
import { clockTime, exactTime, span } from "./format.js";
import { useMe } from "./frame.jsx";
import { Icon } from "./icons.jsx";
import { toast } from "./toasts.jsx";
import { useNow } from "./use_now.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 86_400_000;

function said(left, at) {
  if (left <= -MINUTE) return `${span(-left)} late`;
  if (left <= 0) return "due now";
  if (left < MINUTE) return `${Math.ceil(left / 1000)} s left`;
  if (left < 90 * MINUTE) return `${Math.floor(left / MINUTE)} min left`;
  return left < DAY ? `${Math.round(left / HOUR)} h left` : `by ${exactTime(at)}`;
}

// Half a minute is near enough for an age, and not for the last minute.
function useClose(at) {
  const [now, setNow] = useState(Date.now);
  const coarse = useNow();
  const left = at - Math.max(now, coarse);
  const isClose = left > 0 && left < 1.5 * MINUTE;
  useEffect(() => {
    if (!isClose) return undefined;
    const tick = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(tick);
  }, [isClose]);
  return Math.max(now, coarse);
}

export const isCounting = (lead, isOpen = true) => Boolean(lead.due_at && !lead.touched_at && isOpen);

export function Countdown({ lead, isOpen = true }) {
  if (!isCounting(lead, isOpen)) return null;
  return <Running lead={lead} dueAt={lead.due_at} remindAt={lead.remind_at} />;
}

// Whoever has the lead on a screen of theirs is told once, when the reminder is due.
const told = new Set();
function useReminder(lead, isSoon) {
  const me = useMe();
  const seen = useRef(isSoon);
  const key = `${lead.id} ${lead.due_at}`;
  useEffect(() => {
    if (isSoon && !seen.current && lead.owner === me?.account?.id && !told.has(key)) {
      told.add(key);
      toast(`${lead.name || lead.email || "A lead"} waits for you: get in touch by ${clockTime(lead.due_at)}.`);
    }
    seen.current = isSoon;
  }, [isSoon, key, me]);
}

function Running({ lead, dueAt, remindAt }) {
  const now = useClose(dueAt);
  const left = dueAt - now;
  const isSoon = left > 0 && now >= (remindAt ?? dueAt - 2 * MINUTE);
  const state = left <= 0 ? "is-late" : isSoon ? "is-soon" : "";
  useReminder(lead, isSoon);
  return (
    <span className={`lf-countdown lf-number ${state}`} title={`Somebody gets in touch by ${exactTime(dueAt)}`}>
      <Icon name="Timer" size={14} /> {said(left, dueAt)}
    </span>
  );
}
