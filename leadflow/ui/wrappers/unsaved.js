// What somebody has written on a lead and is not saved yet. It survives a reload, and is nobody else's: each entry
// stands in the browser's storage under person, lead and field.
import { useSyncExternalStore } from "react";
import { fetchOnce } from "./rest.js";

const PREFIX = "lf.unsaved";
const listeners = new Set();
let entries = new Map();
let person = null;

const placeOf = (lead, field) => `${PREFIX}.${person}.${lead}.${field}`;

function tell() {
  entries = new Map(entries);
  listeners.forEach((listener) => listener());
}

// Once it is known who sits here: what they left unsaved.
export const known = fetchOnceKnown();
async function fetchOnceKnown() {
  if (typeof localStorage === "undefined") return;
  try { person = (await fetchOnce("/me")).account.id; } catch { return; }
  for (const place of Object.keys(localStorage)) {
    if (!place.startsWith(`${PREFIX}.${person}.`)) continue;
    try { entries.set(place, JSON.parse(localStorage.getItem(place))); } catch { localStorage.removeItem(place); }
  }
  tell();
}

// entry: {lead, field, name, state: "draft" | "waiting" | "refused", problem, …}
export function keep(entry) {
  const place = placeOf(entry.lead, entry.field);
  entries.set(place, entry);
  try { localStorage.setItem(place, JSON.stringify(entry)); } catch { /* full or forbidden: it lives as long as this page */ }
  tell();
  return entry;
}

export function drop(lead, field) {
  const place = placeOf(lead, field);
  if (!entries.delete(place)) return;
  try { localStorage.removeItem(place); } catch { /* as above */ }
  tell();
}

// Only as long as nothing newer has been written in its place.
export const dropThis = (entry) => { if (unsaved(entry.lead, entry.field) === entry) drop(entry.lead, entry.field); };

export const unsaved = (lead, field) => entries.get(placeOf(lead, field));
export const waiting = () => [...entries.values()].filter((entry) => entry.state === "waiting");

const watch = (listener) => (listeners.add(listener), () => listeners.delete(listener));
export const useUnsaved = (lead, field) => useSyncExternalStore(watch, () => unsaved(lead, field));
export const useWaiting = () => useSyncExternalStore(watch, () => waiting().length);
