// A field that is being written: the text is kept as it is typed, and goes when it is saved or let go.
import { useCallback, useRef, useState } from "react";
import { FIELDS, read, seenOf, shown, textOf } from "./edit_rules.js";
import { NOT_SAVED, problemOf, saveField } from "./edits.js";
import { failed, toast } from "./toasts.jsx";
import { drop, keep, unsaved } from "./unsaved.js";

const nameOf = (lead) => lead.name || lead.email || "the lead";
const NO_NAMES = { people: new Map(), stages: new Map() };

// Saves values and says so, with a way back. `settled(lead)` is told how the lead is then, or undefined; `isOneOfMany`:
// the message names the lead.
export async function saveAndSay({ lead, field, values, seen, text, names = NO_NAMES, settled = () => {}, isOneOfMany = false, isUndo = false }) {
  const what = (one) => `${FIELDS[field].label}${isOneOfMany ? ` of ${nameOf(one)}` : ""}`;
  const result = await saveField({ id: lead.id, name: nameOf(lead), field, values, seen, text });
  // At a field that is written the words stand anyway.
  if (result.waiting && (isOneOfMany || FIELDS[field].isChoice)) toast(`${what(lead)}: ${NOT_SAVED[0].toLowerCase()}${NOT_SAVED.slice(1)}.`);
  if (result.lead) {
    settled(result.lead);
    const now = { ...values, ...result.lead };
    const undo = () => saveAndSay({ lead: { ...lead, ...result.lead }, field, values: seen, seen: seenOf(field, now), names, settled, isOneOfMany, isUndo: true })
      .catch((error) => failed(`${what(lead)} was not changed back.`, error));
    toast(`${what({ ...lead, ...result.lead })}: ${shown(field, now, names) || "empty"}.`, { undo: isUndo || !result.written ? null : undo });
  } else if (result.cancelled) settled(result.current);
  return result;
}

export function useDraft(lead, field, { settled, isOneOfMany } = {}) {
  const kept = useRef(unsaved(lead.id, field)).current;
  const seen = useRef(kept?.seen ?? seenOf(field, lead)).current;
  const [text, setText] = useState(kept?.text ?? textOf(field, lead));
  const [problem, setProblem] = useState(kept?.problem ?? null);

  const write = (next) => {
    setText(next);
    setProblem(null);
    if (next === textOf(field, seen)) drop(lead.id, field);
    else keep({ lead: lead.id, name: nameOf(lead), field, text: next, seen, state: "draft", problem: null });
  };
  const cancel = useCallback(() => drop(lead.id, field), [lead.id, field]);

  // "saved", "same", "waiting", "cancelled" or "refused"; `supposing(values)` hears what is about to be sent.
  const submit = async (supposing = () => {}) => {
    const { values, problem: unreadable } = read(field, text, seen.currency ?? lead.currency);
    if (unreadable) return setProblem(unreadable), "refused";
    supposing(values);
    try {
      const result = await saveAndSay({ lead, field, values, seen, text, settled, isOneOfMany });
      if (result.cancelled) setProblem("Not saved: somebody else has changed this meanwhile.");
      return ["same", "waiting", "cancelled"].find((each) => result[each]) ?? "saved";
    } catch (error) {
      setProblem(problemOf(error, field));
      return "refused";
    }
  };
  return { text, problem, write, cancel, submit };
}
