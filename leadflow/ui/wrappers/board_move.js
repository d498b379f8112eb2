// Moving a lead: shown at once, confirmed by the server, taken back if it refuses, undone on request.
import { useCallback, useRef, useState } from "react";
import { failed, rest, toast } from "./kit.js";

export function useMove(store, stages) {
  const [moves, setMoves] = useState(0);
  const focusNext = useRef(null);

  const move = useCallback(async (id, to, { keepFocus = false, isUndo = false } = {}) => {
    const before = store.row(id);
    if (!before || before.stage === to) return;
    const name = before.name || before.email || "The lead";
    const stage = stages.find((each) => each.key === to);
    store.suppose(id, { stage: to, stage_at: Date.now() });
    focusNext.current = keepFocus ? { id, to } : null;
    setMoves((count) => count + 1);
    try {
      const { lead } = await rest("PATCH", `/leads/${id}`, { stage: to, version: before.version });
      store.settle(id, lead);
      toast(isUndo ? `${name} is back in ${stage.name}.` : `${name} moved to ${stage.name}.`, {
        undo: isUndo ? null : () => move(id, before.stage, { isUndo: true }),
      });
    } catch (error) {
      store.settle(id, error.problem?.current);
      setMoves((count) => count + 1);
      failed(error.status === 409 ? `${name} was changed by someone else and stays where it is.` : `${name} was not moved.`, error);
    }
  }, [store, stages]);

  return { move, moves, focusNext };
}
