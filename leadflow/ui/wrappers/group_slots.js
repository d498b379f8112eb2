// A list in groups as one row of slots: a head, the leads that are here, and a place where more of them go.
const BANDS = ["hot", "warm", "cold"];
const DAY_MS = 86_400_000;

export const isPeriod = (by) => by.startsWith("captured_");
const keyOf = { stage: (row) => row.stage, owner: (row) => row.owner ?? "", band: (row) => row.band, source: (row) => row.source ?? "", country: (row) => row.country ?? "" };

// Whether a lead has left its group; when it came in never changes.
export const hasLeft = (by, row, key) => Boolean(keyOf[by]) && keyOf[by](row) !== key;
// The group that a row belongs to; null where only the server can tell.
export const groupOf = (by, row) => (keyOf[by] ? keyOf[by](row) : null);

// Groups in an order that no change of a lead disturbs: as the pipeline goes, hottest first, newest first, by name.
export function inOrder(by, keys, { stages = [], nameOf = (key) => key } = {}) {
  if (isPeriod(by)) return [...keys].sort().reverse();
  const given = { stage: stages, band: BANDS }[by];
  const place = (key) => (given ? (given.indexOf(key) + 1 || Infinity) : 0);
  const rank = (key) => (key === "" ? 1 : 0);
  const order = (a, b) => rank(a) - rank(b) || (place(a) === place(b) ? 0 : place(a) - place(b)) || nameOf(a).localeCompare(nameOf(b)) || (a < b ? -1 : 1);
  return [...keys].sort(order);
}

// `parts`: by key, {ids, cursor, isRead}. A group that is folded, or of which nothing is left to read, ends with its leads.
export function slotsOf(keys, totals, parts, folded) {
  const slots = [];
  for (const key of keys) {
    const isFolded = folded.has(key);
    slots.push({ kind: "head", id: `head ${key}`, key, total: totals.get(key), isFolded });
    if (isFolded) continue;
    const part = parts.get(key);
    if (part) for (const id of part.ids) slots.push(id);
    if (!part?.isRead || part.cursor) slots.push({ kind: "more", id: `more ${key}`, key });
  }
  return slots;
}

export const isLead = (slot) => typeof slot === "string";
export const slotId = (slot) => (isLead(slot) ? slot : slot?.id ?? "none");

// The place of the lead `step` leads on from `from`, which may be any slot; the last one there is, at most.
export function leadFrom(slots, from, step) {
  const direction = step < 0 ? -1 : 1;
  let left = Math.abs(step);
  let found = isLead(slots[from]) ? from : null;
  for (let at = from + direction; at >= 0 && at < slots.length && left > 0; at += direction) {
    if (!isLead(slots[at])) continue;
    found = at;
    left -= 1;
  }
  return found ?? slots.findIndex(isLead);
}

// The head that a slot stands under; -1 where there is none.
export function headOf(slots, from) {
  let at = Math.min(from, slots.length - 1);
  while (at >= 0 && slots[at].kind !== "head") at -= 1;
  return at;
}

// The totals as told, patched by what has changed; null stands for a group that is empty now.
export function patched(totals, changed, isAll) {
  const now = new Map(isAll ? [] : totals);
  for (const [key, total] of Object.entries(changed)) total ? now.set(key, total) : now.delete(key);
  return now;
}

// All groups as one: exact, but for the mean, which cannot be had from rounded ones.
export function allOf(totals) {
  const sum = { count: 0, values: {}, mean: null };
  for (const { count, values } of totals.values()) {
    sum.count += count;
    if (values === null) sum.values = null;
    else if (sum.values) for (const [currency, value] of Object.entries(values)) sum.values[currency] = (sum.values[currency] ?? 0) + value;
  }
  return sum;
}

// The days of a period, from its first day as the server names it: [first, last] at noon, out of reach of any clock change.
export function daysOf(by, key) {
  const [year, month, day] = key.split("-").map(Number);
  const first = new Date(year, month - 1, day, 12);
  const last = by === "captured_month" ? new Date(year, month, 0, 12) : by === "captured_week" ? new Date(first.getTime() + 6 * DAY_MS) : first;
  return [first, last];
}
