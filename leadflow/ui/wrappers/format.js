// Numbers, money and times as the reader's own locale writes them.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const dayOnly = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

export const number = (value) => whole.format(value);
export const short = (value) => (value >= 10_000 ? compact.format(value) : whole.format(value));

// Times come as epoch milliseconds from most places and as ISO text from some.
export const asTime = (at) => (typeof at === "string" ? Date.parse(at) : at) || null;
export const exactTime = (at) => (asTime(at) ? exact.format(asTime(at)) : "");
export const clockTime = (at) => clock.format(asTime(at));

// Making a formatter costs a thousand times as much as using one.
const formats = new Map();
function formatOf(name, locale, options) {
  if (!formats.has(name)) formats.set(name, new Intl.NumberFormat(locale, options));
  return formats.get(name);
}

const isCurrency = (code) => /^[A-Z]{3}$/.test(code ?? "");

function digitsOf(currency) {
  const code = isCurrency(currency) ? currency : "EUR";
  return formatOf(`digits ${code}`, "en", { style: "currency", currency: code }).resolvedOptions().maximumFractionDigits;
}

export function toMinor(text, currency) {
  return Math.round(Number(String(text).replace(/[^\d.-]/g, "")) * 10 ** digitsOf(currency));
}

export const toMajor = (minor, currency) => minor / 10 ** digitsOf(currency);

export function money(minor, currency, { tight = false } = {}) {
  if (minor === null || minor === undefined) return "";
  const amount = toMajor(minor, currency);
  const style = isCurrency(currency) ? { style: "currency", currency } : {};
  if (tight && Math.abs(amount) >= 10_000) return formatOf(`brief ${currency}`, undefined, { ...style, notation: "compact", maximumFractionDigits: 1 }).format(amount);
  const digits = Number.isInteger(amount) || tight ? 0 : 2;
  return formatOf(`${digits} ${currency}`, undefined, { ...style, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount);
}

// A length of time as people say it: the largest unit, and the next one while it matters.
export function span(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 && hours < 10 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

// Seconds as somebody waits for them; a dash where nobody was measured.
export function seconds(value) {
  if (value === null || value === undefined) return "–";
  return value < 60 ? `${Math.round(value)} s` : span(value * 1000);
}

export function age(since, now = Date.now()) {
  const minutes = Math.max(0, (now - since) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${Math.floor(minutes)} min`;
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)} h`;
  const days = Math.floor(minutes / 60 / 24);
  return days < 730 ? `${days} d` : `${Math.floor(days / 365)} y`;
}

// Relative up to a day, then the date; the exact time belongs in a title.
export function when(moment, now = Date.now()) {
  const at = asTime(moment);
  if (!at) return "";
  if (now - at < 86_400_000) return age(at, now) === "now" ? "just now" : `${age(at, now)} ago`;
  return (new Date(at).getFullYear() === new Date(now).getFullYear() ? dayOnly : dayAndYear).format(at);
}

// A moment to come: the time of today, the day of this week, then the date.
export function until(at, now = Date.now()) {
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date(now).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days <= 0) return clock.format(at);
  if (days === 1) return `tomorrow, ${clock.format(at)}`;
  if (days < 7) return weekday.format(at);
  return (new Date(at).getFullYear() === new Date(now).getFullYear() ? dayOnly : dayAndYear).format(at);
}

export function dayHeading(at, now = Date.now()) {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" }).format(at);
}

export function initials(name) {
  const words = (name ?? "").trim().split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? "") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

// "web_form" is how systems write it; people read "Web form".
export function words(key) {
  const text = (key ?? "").replace(/[_-]+/g, " ").replace(/:\s*/g, " · ").trim();
  return text ? text[0].toUpperCase() + text.slice(1) : "";
}
