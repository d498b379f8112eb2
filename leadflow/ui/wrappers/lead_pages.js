// Pages of leads by keyset cursor, with live patches to the rows that are already here.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { watchedOf } from "./lead_query.js";
import { RowStore, query, rest, subscribe } from "./kit.js";

const FIRST_PAGE = 100;
const PAGE = 200;
const AHEAD = 60;
const CLOCK_SLACK_MS = 2_000;
const START = { ids: [], total: null, capped: false, cursor: null, loading: true, error: null };

const MORE = { kind: "more", id: "more" };

export const columnsOf = ({ columns = "" }) => columns.split(",").filter(Boolean);

// `wanted`: filter, sort and extra columns; null: nothing is asked.
export function useLeadPages(wanted) {
  const key = JSON.stringify(wanted);
  const store = useRef(null);
  store.current ??= new RowStore({ group: null });
  const [pages, setPages] = useState(START);
  const [fresh, setFresh] = useState(0);
  const running = useRef(null);
  const loaded = useRef(null);
  const [round, setRound] = useState(0);
  const isComplete = useRef(false);
  isComplete.current = !pages.loading && !pages.cursor;

  const load = useCallback(async (cursor) => {
    running.current?.abort();
    const controller = (running.current = new AbortController());
    setPages((before) => ({ ...before, loading: true, error: null }));
    try {
      const page = await rest("GET", `/leads${query({ ...JSON.parse(key), cursor, limit: cursor ? PAGE : FIRST_PAGE })}`, undefined, { signal: controller.signal });
      const ids = page.items.map((row) => row.id);
      loaded.current = key;
      if (cursor) store.current.add(page.items);
      else store.current.replace(page.items);
      setPages((before) => ({
        ids: cursor ? added(before.ids, ids) : ids,
        total: page.total ?? before.total, capped: Boolean(page.total_capped), cursor: page.next_cursor, loading: false, error: null,
      }));
    } catch (error) {
      // What was there before a question that failed is no answer to it.
      const kept = loaded.current === key ? {} : START;
      if (error.name !== "AbortError") setPages((before) => ({ ...before, ...kept, loading: false, error }));
    }
  }, [key]);

  useEffect(() => {
    if (!wanted) return undefined;
    setFresh(0);
    load(null);
    return () => running.current?.abort();
  }, [load, round]);

  useEffect(() => {
    if (!wanted) return undefined;
    const unseen = new Set();
    const since = Date.now() - CLOCK_SLACK_MS;
    const isNew = (row) => row.captured_at >= since || isComplete.current;
    setFresh(0);
    return subscribe({ view: "table", columns: columnsOf(wanted), filter: watchedOf(wanted) }, {
      stale: () => setRound((count) => count + 1),
      patch: ({ upsert = [], remove = [] }) => {
        for (const row of upsert) if (store.current.row(row.id)?.left) store.current.settle(row.id);
        store.current.patch({ upsert: upsert.filter((row) => store.current.has(row.id)) });
        for (const id of remove) if (store.current.has(id)) store.current.suppose(id, { left: true });
        for (const row of upsert) if (!store.current.has(row.id) && isNew(row)) unseen.add(row.id);
        for (const id of remove) unseen.delete(id);
        setFresh(unseen.size);
      },
    });
  }, [key, round]);

  const slots = useMemo(() => (pages.cursor ? [...pages.ids, MORE] : pages.ids), [pages.ids, pages.cursor]);
  return {
    ...pages, slots, store: store.current, fresh,
    // What is in sight, up to this slot: what follows is asked for before somebody gets there.
    ask: (first, last) => pages.cursor && !pages.loading && !pages.error && last > pages.ids.length - AHEAD && load(pages.cursor),
    more: () => pages.cursor && load(pages.cursor), reload: () => setRound((count) => count + 1),
  };
}

function added(ids, more) {
  const known = new Set(ids);
  return [...ids, ...more.filter((id) => !known.has(id))];
}
