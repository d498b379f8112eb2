// Where leads came from, as far as this browser has seen: what the source filter can offer.
import { useSyncExternalStore } from "react";

let sources = [];
const listeners = new Set();

export function noteSources(rows) {
  const seen = new Set(sources);
  for (const row of rows) if (row.source) seen.add(row.source);
  if (seen.size === sources.length) return;
  sources = [...seen].sort();
  listeners.forEach((listener) => listener());
}

export const useSources = () => useSyncExternalStore((listener) => (listeners.add(listener), () => listeners.delete(listener)), () => sources);
