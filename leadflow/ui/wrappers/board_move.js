// Moving a lead: shown at once, confirmed by the server, asked about where somebody else has moved it meanwhile, kept
// while the server cannot be reached, taken back if it refuses, undone on request.
import { useCallback, useEffect, useRef, useState } from "react";
import { seenOf } from "./edit_rules.js";
import { NOT_SAVED, onSettled, saveField } from "./edits.js";
import { failed, toast } from "./kit.js";

export function useMove(store, stages) {
  const [moves, setMoves] = useState(0);
  const focusNext = useRef(null);
  const settle = useCallback((id, lead) => {
    store.settle(id, lead);
    setMoves((count) => count + 1);
  }, [store]);
  useEffect(() => onSettled(settle), [settle]);

  const move = useCallback(async (id, to, { keepFocus = false, isUndo = false } = {}) => {
    const before = store.row(id);
    if (!before || before.stage === to) return;
    const name = before.name || before.email || "The lead";
    const nameOf = (stage) => stages.find((each) => each.key === stage)?.name ?? stage;
    store.suppose(id, { stage: to, stage_at: Date.now() });
    focusNext.current = keepFocus ? { id, to } : null;
    setMoves((count) => count + 1);
    try {
      const result = await saveField({ id, name, field: "stage", values: { stage: to }, seen: seenOf("stage", before), text: nameOf(to) });
      if (result.waiting) return toast(`${name} moved to ${nameOf(to)}. ${NOT_SAVED}.`);
      const lead = result.lead ?? result.current;
      settle(id, lead);
      if (lead && lead.stage !== undefined && lead.stage !== to) return toast(`${name} stays in ${nameOf(lead.stage)}.`);
      toast(isUndo ? `${name} is back in ${nameOf(to)}.` : `${name} moved to ${nameOf(to)}.`, {
        undo: isUndo ? null : () => move(id, before.stage, { isUndo: true }),
      });
    } catch (error) {
      settle(id);
      failed(`${name} was not moved.`, error);
    }
  }, [store, stages, settle]);

  return { move, moves, focusNext };
}
