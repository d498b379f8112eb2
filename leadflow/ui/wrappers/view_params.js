// What of a page's address belongs to a saved view, and which view an address shows. Pure; names as in views/saved/rules.py.
import { FILTERS, SEVERAL } from "./lead_query.js";

export const PARAMS = [...FILTERS, "columns", "group"];
export const PATHS = { board: "/", list: "/leads" };
export const ALL = "all";

// Of a URLSearchParams, what a view would hold.
export const paramsOf = (search) => Object.fromEntries(PARAMS.map((name) => [name, (search.get(name) ?? "").trim()]).filter(([, value]) => value));

const spelled = (name, value = "") => (SEVERAL.includes(name) ? value.split(",").filter(Boolean).sort().join(",") : value);
export const isSame = (one, other) => PARAMS.every((name) => spelled(name, one[name]) === spelled(name, other[name]));
const isEmpty = (params) => isSame(params, {});

// An address says nothing when it has neither filters nor a view: then the page's default opens.
export const saysNothing = (search) => !search.get("view") && isEmpty(paramsOf(search));
// It names a view and leaves out what that view holds.
export const namesOnly = (search) => Boolean(search.get("view")) && search.get("view") !== ALL && isEmpty(paramsOf(search));

export function addressOf(layout, view, params = view?.params ?? {}) {
  const search = new URLSearchParams({ view: view?.id ?? ALL });
  for (const name of PARAMS) if (params[name]) search.set(name, params[name]);
  return `${PATHS[layout]}?${search}`;
}

const isShown = (view) => view.withheld.length === 0;
export const openable = (views) => views.filter(isShown);

// The view that an address shows (null: all leads), and whether it has been changed since it was opened.
export function currentOf(views, search, layout) {
  const view = views.find((each) => each.id === search.get("view") && each.layout === layout && isShown(each)) ?? null;
  const params = paramsOf(search);
  return { view, params, isChanged: !isSame(params, view?.params ?? {}) };
}

const byPin = (one, other) => one.pin - other.pin;
export const tabsOf = (views, layout) => views.filter((each) => each.pin !== null && each.layout === layout).sort(byPin);

const simple = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
// Views of which every word typed begins one; by whom they are counts as well.
export function matching(views, text) {
  const typed = simple(text).split(/\s+/).filter(Boolean);
  const wordsOf = (view) => simple(`${view.name} ${view.is_mine ? "" : view.owner_name}`).split(/[^\p{L}\p{N}]+/u);
  return views.filter((view) => { const its = wordsOf(view); return typed.every((word) => its.some((each) => each.startsWith(word))); });
}

// The tabs of a page, those that are no tabs but one's own, and what others share; every view in one of them.
export function sectionsOf(views, layout) {
  const tabs = tabsOf(views, layout);
  const others = views.filter((each) => !tabs.includes(each)).sort((one, other) => (other.layout === layout) - (one.layout === layout));
  return { tabs, own: others.filter((each) => each.is_mine), shared: others.filter((each) => !each.is_mine) };
}

export const LONGEST_NAME = 60;
// The name, or the first like it that no view here has.
export function freeName(name, views) {
  const taken = new Set(views.map((each) => each.name.toLowerCase()));
  let free = name.slice(0, LONGEST_NAME);
  for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${name.slice(0, LONGEST_NAME - String(number).length - 1)} ${number}`;
  return free;
}

// How each is called in the palette: two of one name are told apart by whose they are.
export function titlesOf(views) {
  const counts = new Map();
  for (const { name } of views) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return views.map((view) => (counts.get(view.name.toLowerCase()) > 1 && !view.is_mine ? `${view.name} (${view.owner_name || "shared"})` : view.name));
}
