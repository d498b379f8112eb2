// Which groups are folded, remembered by this tab for each way to group.
import { useCallback, useEffect, useState } from "react";

const keptAs = (by) => `lf.folded.${by}`;
const MOST = 500;

function read(by) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keptAs(by)));
    return new Set(Array.isArray(kept) ? kept : []);
  } catch {
    return new Set();
  }
}

export function useFolded(by) {
  const [folded, setFolded] = useState(() => read(by));
  useEffect(() => setFolded(read(by)), [by]);
  const set = useCallback((keys) => {
    const now = new Set(keys);
    setFolded(now);
    try { sessionStorage.setItem(keptAs(by), JSON.stringify([...now].slice(0, MOST))); } catch { /* unfolded next time */ }
  }, [by]);
  const fold = useCallback((key) => set(folded.has(key) ? [...folded].filter((each) => each !== key) : [...folded, key]), [folded, set]);
  return { folded, fold, foldOnly: set };
}
