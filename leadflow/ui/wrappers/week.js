// A week of shifts as people write it ("9-12, 13:00-17:30"), and as the API keeps it.
export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const WORKDAYS = DAYS.slice(0, 5);
const SHIFT = /^(\d{1,2})(?::?(\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?::?(\d{2}))?$/i;
const monday = new Date(2024, 0, 1);
const names = (style) => DAYS.map((_, place) => new Intl.DateTimeFormat(undefined, { weekday: style }).format(new Date(monday.getFullYear(), 0, 1 + place)));
export const LONG = names("long");
const SHORT = names("short");

const clock = (hour, minute = "00") => `${hour.padStart(2, "0")}:${minute}`;

// The shifts of a day, or null for what cannot be read as some.
export function parsed(text) {
  const parts = text.split(/[,;]/).map((each) => each.trim()).filter(Boolean);
  const shifts = parts.map((part) => {
    const found = SHIFT.exec(part);
    return found && [clock(found[1], found[2]), clock(found[3], found[4])];
  });
  return shifts.every(Boolean) ? shifts : null;
}

export const written = (shifts) => (shifts ?? []).map(([starts, ends]) => `${starts}–${ends}`).join(", ");

// "Mon–Fri 09:00–18:00, Sat 10:00–14:00": days in a row that are alike are one.
export function weekWords(week) {
  if (!week) return "Always";
  const groups = [];
  DAYS.forEach((day, place) => {
    const text = written(week[day]);
    const last = groups.at(-1);
    if (last?.text === text) last.to = place;
    else groups.push({ text, from: place, to: place });
  });
  const said = groups.filter((each) => each.text).map((each) => `${SHORT[each.from]}${each.to > each.from ? `–${SHORT[each.to]}` : ""} ${each.text}`);
  return said.length ? said.join(", ") : "Never";
}
