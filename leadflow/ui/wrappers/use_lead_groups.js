// Leads in groups: totals of all of them, and of each the pages that somebody has got to, patched live.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { RowStore, query, rest, subscribe } from "./kit.js";
import { columnsOf } from "./lead_pages.js";
import { watchedOf } from "./lead_query.js";
import { groupOf, hasLeft, inOrder, slotsOf } from "./group_slots.js";
import { useTotals } from "./use_totals.js";

const PAGE = 50;
const AHEAD = 30;
const AT_ONCE = 2;
const CLOCK_SLACK_MS = 2_000;
const NOTHING = new Map();
const UNREAD = { ids: [], cursor: null, isRead: false, error: null };

// `wanted`: filter, sort and extra columns; null: nothing is asked. `names`: how groups are called, and the pipeline's order.
export function useLeadGroups(wanted, by, folded, names) {
  const key = JSON.stringify({ wanted, by });
  const { sort, columns, ...filter } = wanted ?? {};
  const told = useTotals(wanted ? by : null, filter, watchedOf(filter));
  const store = useRef(null);
  store.current ??= new RowStore({ group: null });
  const [parts, setParts] = useState(NOTHING);
  const [round, setRound] = useState(0);
  const [fresh, setFresh] = useState(0);
  const here = useRef({ parts, running: new Map(), place: new Map(), unseen: new Set() });
  here.current.parts = parts;

  const read = useCallback(async (part) => {
    const { running, place, unseen } = here.current;
    if (running.has(part)) return;
    const controller = new AbortController();
    running.set(part, controller);
    const asked = JSON.parse(key);
    const keep = (change) => setParts((before) => new Map(before).set(part, change(before.get(part) ?? UNREAD)));
    keep((known) => ({ ...known, error: null }));
    try {
      const cursor = here.current.parts.get(part)?.cursor;
      const page = await rest("GET", `/leads${query({ ...asked.wanted, group: asked.by, cursor, limit: PAGE })}&key=${encodeURIComponent(part)}`, undefined, { signal: controller.signal });
      store.current.add(page.items);
      const ids = page.items.map((row) => row.id);
      const elsewhere = new Set(ids.map((id) => place.get(id)).filter((other) => other !== undefined && other !== part));
      for (const id of ids) {
        place.set(id, part);
        unseen.delete(id);
        if (store.current.row(id).left) store.current.settle(id);
      }
      setFresh(unseen.size);
      setParts((before) => {
        const now = new Map(before);
        const known = before.get(part) ?? UNREAD;
        const seen = new Set(known.ids);
        now.set(part, { ids: [...known.ids, ...ids.filter((id) => !seen.has(id))], cursor: page.next_cursor, isRead: true, error: null });
        const moved = new Set(ids);
        for (const other of elsewhere) if (now.has(other)) now.set(other, { ...now.get(other), ids: now.get(other).ids.filter((id) => !moved.has(id)) });
        return now;
      });
    } catch (error) {
      if (error.name !== "AbortError") keep((known) => ({ ...known, error }));
    }
    if (running.get(part) === controller) running.delete(part);
  }, [key]);

  useEffect(() => {
    const { running, place, unseen } = here.current;
    setParts(NOTHING);
    setFresh(0);
    place.clear();
    unseen.clear();
    store.current.replace([]);
    return () => { for (const each of running.values()) each.abort(); running.clear(); };
  }, [key, round]);

  useEffect(() => {
    if (!wanted) return undefined;
    const { place, unseen } = here.current;
    const since = Date.now() - CLOCK_SLACK_MS;
    const isWhole = (part) => { const known = here.current.parts.get(part); return Boolean(known?.isRead && !known.cursor); };
    const again = () => { told.reload(); setRound((count) => count + 1); };
    return subscribe({ view: "table", columns: columnsOf(wanted), filter: watchedOf(wanted) }, {
      stale: again,
      patch: ({ upsert = [], remove = [] }) => {
        for (const row of upsert) {
          if (!store.current.has(row.id)) {
            if (row.captured_at >= since || isWhole(groupOf(by, row))) unseen.add(row.id);
            continue;
          }
          const isGone = hasLeft(by, row, place.get(row.id));
          if (store.current.row(row.id).left && !isGone) store.current.settle(row.id);
          store.current.patch({ upsert: [row] });
          if (isGone) store.current.suppose(row.id, { left: true });
          if (isGone) unseen.add(row.id);
          else unseen.delete(row.id);
        }
        for (const id of remove) {
          if (store.current.has(id)) store.current.suppose(id, { left: true });
          unseen.delete(id);
        }
        setFresh(unseen.size);
      },
    });
  }, [key, round]);

  const { totals } = told;
  const order = useMemo(() => (totals ? JSON.stringify(inOrder(by, totals.keys(), names)) : "[]"), [totals, by, names]);
  const keys = useMemo(() => JSON.parse(order), [order]);
  const slots = useMemo(() => slotsOf(keys, totals ?? NOTHING, parts, folded), [keys, totals, parts, folded]);
  const ids = useMemo(() => keys.flatMap((each) => (folded.has(each) ? [] : parts.get(each)?.ids ?? [])), [keys, parts, folded]);
  const errors = [...parts.values()].map((part) => part.error).filter(Boolean);
  return {
    slots, ids, totals, capped: told.capped, store: store.current, fresh,
    loading: !totals && !told.error, error: told.error ?? errors[0] ?? null,
    // What is in sight, from one slot to another: of groups whose end is near, more is read.
    ask: (first, last) => {
      for (const slot of slots.slice(first, last + AHEAD)) {
        if (here.current.running.size >= AT_ONCE) return; // what is read now may push the rest out of sight
        if (slot.kind === "more" && !parts.get(slot.key)?.error) read(slot.key);
      }
    },
    more: (part) => read(part),
    reload: () => { told.reload(); setRound((count) => count + 1); },
  };
}
