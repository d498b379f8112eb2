// Which rows of a list are chosen: one by one, by range, or all that match. Nothing here knows what is listed.
export const NONE = Object.freeze({ ids: new Set(), base: new Set(), anchor: null, isAll: false });

export const isChosen = (selection, id) => selection.isAll || selection.ids.has(id);
export const isEmpty = (selection) => !selection.isAll && selection.ids.size === 0;

const of = (ids, anchor) => ({ ids, base: ids, anchor, isAll: false });

// `listed`: what is here to be left when one of all is left out.
export function toggled(selection, id, listed) {
  const ids = new Set(selection.isAll ? listed : selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return of(ids, id);
}

// From the last one that was chosen by itself to this one; a shorter range lets go of what a longer one took.
export function ranged(selection, id, listed) {
  const from = listed.indexOf(selection.anchor);
  const to = listed.indexOf(id);
  if (selection.isAll || to < 0) return selection;
  if (from < 0) return of(new Set(selection.ids).add(id), id);
  const range = listed.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ...selection, ids: new Set([...selection.base, ...range]) };
}

export const everyListed = (listed) => of(new Set(listed), null);
export const ALL = Object.freeze({ ...NONE, isAll: true });
