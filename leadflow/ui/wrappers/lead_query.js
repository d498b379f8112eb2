// What of the URL says which leads are looked at, and in which order: the one place that knows.
//
// `where` carries conditions as the API takes them (JSON, see docs/decisions/0031-conditions.md). `stage`, `owner`,
// `source` and `captured` are short for one condition each, as links write them; `band` and `q` have controls of their own.
export const SORT = "sort";
export const SEVERAL = ["stage", "band", "source"];
export const FILTERS = ["q", "stage", "owner", "band", "source", "captured", "where", SORT];

// The parameters that are given.
export const wantedOf = (params) => Object.fromEntries(FILTERS.map((key) => [key, params.get(key)]).filter(([, value]) => value));

// Which leads, as the API takes it in a body.
export function filterOf({ [SORT]: _, ...wanted }) {
  return Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, SEVERAL.includes(key) ? value.split(",") : value]));
}

// The same as a subscription takes it, where the owner is somebody in particular.
export function watchedOf(wanted) {
  const { owner = null, band = null, stage = null, source = null, captured = null, q = null, where = null } = wanted;
  if (owner !== "me") return { owner, band, stage, source, captured, q, where, lead: null };
  const mine = { field: "owner", op: "any_of", value: ["me"] };
  const both = where ? `{"all":[${JSON.stringify(mine)},${where}]}` : JSON.stringify(mine);
  return { owner: null, band, stage, source, captured, q, where: both, lead: null };
}

export const isFiltered = (wanted) => Object.keys(wanted).some((key) => key !== SORT);

// What to set in the URL so that nothing is filtered any more.
export const UNFILTERED = Object.fromEntries(FILTERS.filter((key) => key !== SORT).map((key) => [key, ""]));
