// When a task is due, in words: pure.
import { keyOf, timeOf } from "./calendar_days.js";

const DAY_MS = 86_400_000;
const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dated = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

export const daysAhead = (at, now) => Math.round((midnight(at) - midnight(now)) / DAY_MS);

function dayWords(at, now) {
  const days = daysAhead(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  if (days === -1) return "Yesterday";
  if (days > 1 && days < 7) return weekday.format(at);
  return (new Date(at).getFullYear() === new Date(now).getFullYear() ? date : dated).format(at);
}

// Of today the time is enough; of another day the day comes first.
export function dueWords({ due_at: at, all_day: allDay }, now) {
  if (at === null) return "";
  const day = dayWords(at, now);
  if (allDay) return day;
  return day === "Today" ? clock.format(at) : `${day}, ${clock.format(at)}`;
}

export const dueInSentence = (task, now) => dueWords(task, now).replace(/^(Today|Tomorrow|Yesterday)/, (day) => day.toLowerCase());

// Which part of My day an open task belongs to.
export function partOf({ due_at: at }, { ends }, now) {
  if (at === null) return "undated";
  if (at < now) return "overdue";
  return at < ends ? "today" : "upcoming";
}

export const dayInput = (at) => (at === null ? "" : keyOf(new Date(at)));
export const timeInput = (at) => (at === null ? "" : timeOf(new Date(at)));

// What a day and a time mean: without a time, the end of that day.
export function momentOf(day, time) {
  const at = day ? new Date(`${day}T${time || "23:59:59"}`).getTime() : NaN;
  return Number.isNaN(at) ? null : at;
}
