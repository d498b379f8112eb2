// The selection of a list, forgotten when the list is about something else; its actions never change.
import { useEffect, useMemo, useRef, useState } from "react";
import { ALL, NONE, everyListed, ranged, toggled } from "./selection.js";

export function useSelection(listed, about) {
  const [selection, setSelection] = useState(NONE);
  const here = useRef(listed);
  here.current = listed;
  useEffect(() => setSelection(NONE), [about]);
  const actions = useMemo(() => ({
    choose: (id, isRange) => setSelection((before) => (isRange ? ranged : toggled)(before, id, here.current)),
    chooseListed: () => setSelection(everyListed(here.current)),
    chooseAll: () => setSelection(ALL),
    clear: () => setSelection(NONE),
  }), []);
  return { selection, ...actions };
}
