// The order of a list as the URL carries it, such as "-score,name": pure.
export const MOST_KEYS = 3;
export const RELEVANCE = "relevance";

export const keyOf = (part) => part.replace(/^-/, "");
export const descends = (part) => part.startsWith("-");
export const flipped = (part) => (descends(part) ? keyOf(part) : `-${part}`);
export const partsOf = (sort) => sort.split(",").filter(Boolean);

// Where a column stands in the order, from 1; 0 when it is not part of it.
export const placeOf = (sort, column) => partsOf(sort).findIndex((part) => keyOf(part) === column) + 1;
export const isDescending = (sort, column) => partsOf(sort).includes(`-${column}`);

// What a click on the head of a column makes of it. Alone it becomes the order, and turns where it is that already; with
// `adds` it becomes the last key, or turns where it stands.
export function clicked(sort, { sort: column, first }, adds) {
  const parts = partsOf(sort).filter((part) => part !== RELEVANCE);
  const own = parts.find((part) => keyOf(part) === column);
  if (!adds) return own && parts[0] === own ? flipped(own) : first ?? column;
  if (own) return parts.map((part) => (part === own ? flipped(part) : part)).join(",");
  return [...parts.slice(0, MOST_KEYS - 1), first ?? column].join(",");
}

export const replaced = (sort, index, part) => {
  const parts = partsOf(sort);
  return parts.map((each, place) => (place === index ? part : each)).filter((each, place) => place === index || keyOf(each) !== keyOf(part)).join(",");
};
export const dropped = (sort, index) => partsOf(sort).filter((_, place) => place !== index).join(",");
