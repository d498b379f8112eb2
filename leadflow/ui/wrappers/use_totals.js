// How many leads a list has, group by group, what they are worth and how warm they are: as read, then as told live.
import { useCallback, useEffect, useState } from "react";
import { query, rest, subscribe } from "./kit.js";
import { patched } from "./group_slots.js";

const START = { totals: null, capped: false, error: null };

// `wanted`: the filter as `/leads` takes it, and `filter` the same as the live connection does; null: nothing is asked.
export function useTotals(by, wanted, filter) {
  const key = by && JSON.stringify({ by, wanted, filter });
  const [state, setState] = useState(START);
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((count) => count + 1), []);

  useEffect(() => {
    setState(START);
    if (!key) return undefined;
    const asked = JSON.parse(key);
    const controller = new AbortController();
    let isLive = false;
    rest("GET", `/leads/groups${query({ ...asked.wanted, by: asked.by })}`, undefined, { signal: controller.signal }).then(
      ({ items, capped }) => isLive || setState({ totals: new Map(items.map(({ key: name, ...total }) => [name, total])), capped, error: null }),
      (error) => error.name !== "AbortError" && !isLive && setState({ ...START, error }),
    );
    const end = subscribe({ view: "groups", by: asked.by, filter: asked.filter }, {
      groups: ({ groups, capped, all }) => {
        isLive = true;
        setState((before) => ({ totals: patched(before.totals ?? [], groups, all), capped, error: null }));
      },
    });
    return () => { controller.abort(); end(); };
  }, [key, round]);

  return { ...state, reload };
}
