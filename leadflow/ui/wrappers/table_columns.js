// Which columns a table shows, in which order and how wide. The first one of all always comes first.
export const NARROWEST = 64;
export const WIDEST = 640;
export const STEP = 16;

const isUsual = (column) => Boolean(column.usual);

// The columns that the address asks for (comma-separated keys), or the usual ones.
export function chosen(all, asked) {
  const [first, ...rest] = all;
  if (!asked) return [first, ...rest.filter(isUsual)];
  const known = new Map(rest.map((column) => [column.key, column]));
  return [first, ...[...new Set(asked.split(","))].map((key) => known.get(key)).filter(Boolean)];
}

// What the address says for these columns: nothing for the usual ones.
export function askedFor(all, keys) {
  const usual = chosen(all, "").map((column) => column.key);
  return keys.join() === usual.join() ? "" : keys.join();
}

// `key` at place `to`; the first column stays where it is.
export function moved(keys, key, to) {
  const from = keys.indexOf(key);
  const at = Math.max(1, Math.min(keys.length - 1, to));
  if (from < 1 || from === at) return keys;
  const others = keys.filter((each) => each !== key);
  return [...others.slice(0, at), key, ...others.slice(at)];
}

export const without = (keys, key) => keys.filter((each, place) => place === 0 || each !== key);
export const withColumn = (keys, key) => (keys.includes(key) ? keys : [...keys, key]);

// What rows have to say besides what they always say, in an order that does not depend on that of the columns.
export const extrasOf = (columns) => columns.filter((column) => column.extra).map((column) => column.key).sort().join(",");

export const fits = (width) => Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));

// One track for each column; where none grows, the first one takes what is left over.
export function tracks(columns, widths) {
  const grows = columns.some((column) => column.grow && !widths[column.key]);
  return columns.map((column, place) => {
    const own = widths[column.key];
    const width = own ?? column.width;
    if (column.grow && !own) return `minmax(${width}px, ${column.grow}fr)`;
    return !grows && place === 0 ? `minmax(${width}px, 1fr)` : `${width}px`;
  }).join(" ");
}

export const least = (columns, widths) => columns.reduce((sum, column) => sum + (widths[column.key] ?? column.width), 0);
