// The days of a month as a calendar draws them, and where among them an absence stands.
const two = (value) => String(value).padStart(2, "0");
const MONTH = /^20\d{2}-(0[1-9]|1[0-2])$/;

export const keyOf = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
export const timeOf = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
export const dateOf = (key) => new Date(`${key}T00:00`);

// The month that a text names, or the one of `now`.
export const monthOf = (text, now = Date.now()) => (MONTH.test(text ?? "") ? text : keyOf(new Date(now)).slice(0, 7));

export function stepped(month, by) {
  const [year, number] = month.split("-").map(Number);
  return monthOf(keyOf(new Date(year, number - 1 + by, 1)).slice(0, 7));
}

export function daysOf(month) {
  const [year, number] = month.split("-").map(Number);
  return Array.from({ length: new Date(year, number, 0).getDate() }, (_, place) => {
    const date = new Date(year, number - 1, place + 1);
    return { key: keyOf(date), date, number: place + 1, isWeekend: [0, 6].includes(date.getDay()), place: (date.getDay() + 6) % 7 };
  });
}

// From which to which of the days an absence lasts, both included; null when on none of them.
export function spanOf({ starts_at: starts, ends_at: ends }, days) {
  const [first, last] = [keyOf(new Date(starts)), keyOf(new Date(Math.max(starts, ends - 1)))];
  if (last < days[0].key || first > days.at(-1).key) return null;
  const from = Math.max(0, days.findIndex((day) => day.key >= first));
  const until = days.findLastIndex((day) => day.key <= last);
  return { from, to: until, isCutBefore: first < days[0].key, isCutAfter: last > days.at(-1).key };
}

// Each absence on the highest lane that is free there, and how many lanes there are.
export function laid(absences, days) {
  const ends = [];
  const bars = [];
  for (const absence of [...absences].sort((one, other) => one.starts_at - other.starts_at)) {
    const span = spanOf(absence, days);
    if (!span) continue;
    const free = ends.findIndex((end) => end < span.from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = span.to;
    bars.push({ absence, lane, ...span });
  }
  return { bars, lanes: ends.length };
}
