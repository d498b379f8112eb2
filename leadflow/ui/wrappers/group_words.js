// What groups and their totals are called.
import { money, words } from "./format.js";
import { daysOf } from "./group_slots.js";

const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const month = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const countries = new Intl.DisplayNames(undefined, { type: "region" });
const NONE = { owner: "No owner", source: "No source", country: "No country" };
const BANDS = { hot: "Hot", warm: "Warm", cold: "Cold" };

export function countryName(code) {
  try {
    return countries.of(code) ?? code;
  } catch {
    return code;
  }
}

export function groupName(by, key, { people, stages }) {
  if (by === "owner" && key) return people.get(key)?.name ?? "Somebody who has left";
  if (key === "") return NONE[by] ?? "None";
  if (by === "stage") return stages.get(key) ?? words(key);
  if (by === "band") return BANDS[key] ?? words(key);
  if (by === "country") return countryName(key);
  if (by === "source") return words(key);
  const [first, last] = daysOf(by, key);
  if (by === "captured_month") return month.format(first);
  return by === "captured_day" ? day.format(first) : short.formatRange(first, last);
}

// Sums by currency, the one that most may be meant by first; they are never added up.
export function sumsOf(values) {
  return Object.entries(values ?? {}).sort(([, a], [, b]) => b - a).map(([currency, value]) => ({ currency, short: money(value, currency, { tight: true }), exact: money(value, currency) }));
}
