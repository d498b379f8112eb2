// A cell of the list that can be edited where it stands.
import { useEffect, useRef, useState } from "react";
import { FIELDS, seenOf } from "./edit_rules.js";
import { Icon, Menu, failed } from "./kit.js";
import { NotSaved } from "./not_saved.jsx";
import { useUnsaved } from "./unsaved.js";
import { saveAndSay, useDraft } from "./use_draft.js";
import "./cell.css";

// The value shows at once; the answer of the server, or its refusal, puts it right.
function settling(store, row, columns) {
  return (lead) => store.settle(row.id, lead, columns);
}

function TextCell({ row, field, store, onDone, onLeave, onReopen }) {
  const columns = Object.keys(seenOf(field, row));
  const { text, problem, write, cancel, submit } = useDraft(row, field, { settled: settling(store, row, columns), isOneOfMany: true });
  const input = useRef(null);
  const isDone = useRef(false);
  useEffect(() => { input.current.focus(); input.current.select(); }, []);

  // Somebody who goes on does not wait for the answer: what is refused stands at the cell.
  const save = async (go) => {
    if (isDone.current) return;
    isDone.current = true;
    const came = await submit((values) => { store.suppose(row.id, values); go(); });
    isDone.current = false;
    if (["refused", "same"].includes(came)) store.settle(row.id, undefined, columns);
    if (["refused", "cancelled"].includes(came)) onReopen(row.id, field);
  };
  const keys = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") save(() => onDone(0));
    else if (event.key === "Tab") save(() => onDone(event.shiftKey ? -1 : 1));
    else if (event.key === "Escape") { isDone.current = true; cancel(); onDone(0); }
    else return;
    event.preventDefault();
  };
  return (
    <span className="lf-celledit">
      <input
        ref={input} className="lf-input" value={text} aria-label={`${FIELDS[field].label} of ${row.name || row.email || "the lead"}`} type={FIELDS[field].type ?? "text"}
        inputMode={FIELDS[field].isMoney ? "decimal" : undefined} aria-invalid={Boolean(problem)} aria-describedby={problem ? `cell-${row.id}` : undefined}
        onChange={(event) => write(event.target.value)} onKeyDown={keys} onBlur={() => document.hasFocus() && (problem ? onLeave() : save(onLeave))}
      />
      {problem && <span id={`cell-${row.id}`} className="lf-celledit__problem" role="alert">{problem}</span>}
    </span>
  );
}

function ChoiceCell({ row, field, store, names, anchor, onDone }) {
  const items = field === "stage"
    ? [...names.stages].map(([key, name]) => ({ key, name }))
    : [...[...names.people.values()].filter((each) => each.state !== "suspended").map((each) => ({ key: each.id, name: each.name })), { key: "", name: "No owner" }];
  const choose = async (key) => {
    onDone(0);
    const values = { [field]: key || null };
    const settled = settling(store, row, [field]);
    store.suppose(row.id, values);
    try {
      const result = await saveAndSay({ lead: row, field, values, seen: seenOf(field, row), names, settled, isOneOfMany: true });
      if (result.same) settled(undefined);
    } catch (error) {
      settled(undefined);
      failed(`${FIELDS[field].label} of ${row.name || row.email || "the lead"} was not changed.`, error);
    }
  };
  return (
    <Menu
      anchor={anchor} label={FIELDS[field].label} onPick={choose} onClose={() => onDone(0)}
      items={items.map((each) => ({ ...each, checked: each.key === (row[field] ?? "") }))}
    />
  );
}

// What was written and not taken stays at its cell until somebody opens it again.
function Trouble({ entry, isEditing }) {
  if (!entry || isEditing || entry.state === "waiting") return null;
  const words = entry.problem ? `Not saved: ${entry.problem}` : "Not saved yet. Press e to go on";
  return <span className="lf-unsaved" role={entry.problem ? "alert" : "img"} title={words} aria-label={words}><Icon name="ShieldAlert" size={14} /><span className="lf-visually-hidden">{words}</span></span>;
}

export function Cell({ row, column, store, names, edit, isEditing, className, children }) {
  const [box, setBox] = useState(null);
  const field = column.key;
  const canEdit = edit?.canEdit(row, field);
  const entry = useUnsaved(row.id, field);
  if (!canEdit) return <div role="cell" className={className}>{children}</div>;
  const shared = { row, field, store, onDone: edit.close };
  const isWritten = !FIELDS[field].isChoice;
  return (
    <div ref={setBox} role="cell" className={`${className} lf-td--edit ${isEditing ? "is-editing" : ""}`} data-cell={field} tabIndex={-1} aria-keyshortcuts="e F2">
      {isEditing && isWritten ? <TextCell {...shared} onLeave={edit.leave} onReopen={edit.reopen} /> : children}
      {isEditing && !isWritten && box && <ChoiceCell {...shared} names={names} anchor={box} />}
      <NotSaved entry={entry} isBrief /><Trouble entry={entry} isEditing={isEditing} />
    </div>
  );
}

