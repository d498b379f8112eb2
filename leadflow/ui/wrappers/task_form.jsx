// Everything about one task, in a dialog.
import { useEffect, useRef, useState } from "react";
import { Dialog, Icon, deleteTask, saveTask, toast, useOnce } from "./kit.js";
import { FindLead } from "./find_lead.jsx";
import { Field, useSaving } from "./saving.jsx";
import { KINDS } from "./task_row.jsx";
import { dayInput, momentOf, timeInput } from "./task_words.js";
import "./tasks.css";

const MINUTE = 60_000;
const BEFORE = [["", "No reminder"], ["0", "When it is due"], ["15", "15 minutes before"], ["60", "1 hour before"], ["1440", "1 day before"]];

function reminderOf({ remind_at: remind, due_at: due, all_day: allDay }) {
  if (remind === null) return "";
  const minutes = due === null || allDay ? NaN : (due - remind) / MINUTE;
  return BEFORE.some(([key]) => key === String(minutes)) ? String(minutes) : "kept";
}

const draftOf = (task) => ({
  title: task.title, note: task.note, kind: task.kind, day: dayInput(task.due_at), time: task.all_day ? "" : timeInput(task.due_at), reminder: reminderOf(task),
  assignee: task.assignee, lead: task.lead ? { id: task.lead, name: task.lead_name || task.lead_company || "A lead" } : null,
});

// Only what was changed is sent, so that a lead out of sight is not taken from a task.
function changesOf(task, draft) {
  const before = draftOf(task);
  const due = momentOf(draft.day, draft.time);
  const isMoved = draft.day !== before.day || draft.time !== before.time;
  const change = {};
  for (const name of ["title", "note", "kind", "assignee"]) if (draft[name] !== before[name]) change[name] = draft[name].trim();
  if ((draft.lead?.id ?? null) !== (before.lead?.id ?? null)) change.lead = draft.lead?.id ?? null;
  if (isMoved) Object.assign(change, { due_at: due, all_day: due !== null && !draft.time });
  if (draft.reminder === "") { if (before.reminder !== "") change.remind_at = null; }
  else if (draft.reminder !== "kept" && (isMoved || draft.reminder !== before.reminder)) change.remind_at = due === null ? null : due - Number(draft.reminder) * MINUTE;
  return change;
}

function Form({ task, onDone }) {
  const [seen, setSeen] = useState(task);
  const [draft, setDraft] = useState(() => draftOf(task));
  const people = useOnce("/people")?.items.filter((each) => each.state !== "suspended") ?? [];
  const { busy, send, refuse, problemOf, elsewhere } = useSaving(["title", "due_at", "remind_at", "assignee", "note"]);
  const title = useRef(null);
  useEffect(() => { requestAnimationFrame(() => title.current?.focus()); }, []);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const canRemind = Boolean(draft.day && draft.time);
  const save = (event) => {
    event?.preventDefault();
    const change = changesOf(seen, { ...draft, reminder: canRemind || draft.reminder === "kept" ? draft.reminder : "" });
    if (!draft.title.trim()) return refuse([{ field: "title", message: "Say what is to be done." }]);
    if (!Object.keys(change).length) return onDone();
    return send(async () => {
      try {
        await saveTask(seen, change);
      } catch (error) {
        const current = error.status === 409 && error.problem?.current;
        if (!current) throw error;
        setSeen({ ...seen, version: current.version });
        return refuse([{ field: "", message: `Somebody else changed this task meanwhile; it is now “${current.title}”. Save again to keep yours.` }]);
      }
      toast("The task is changed.");
      return onDone();
    });
  };
  return (
    <form className="lf-form" noValidate onSubmit={save} onKeyDown={(event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save(event); }} aria-busy={busy}>
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{elsewhere}</p>}
      <Field id="task-title" label="What" problem={problemOf("title")}>
        <input id="task-title" className="lf-input" ref={title} maxLength={200} value={draft.title} onChange={(event) => set({ title: event.target.value })} />
      </Field>
      <div className="lf-segments lf-taskform__kinds" role="group" aria-label="Kind">
        {KINDS.map(([key, word, icon]) => <button key={key} type="button" className="lf-segment" aria-pressed={draft.kind === key} onClick={() => set({ kind: key })}><Icon name={icon} size={14} /> {word}</button>)}
      </div>
      <div className="lf-pair">
        <Field id="task-day" label="Due" problem={problemOf("due_at")}>
          <div className="lf-taskform__due">
            <input id="task-day" className="lf-input" type="date" value={draft.day} onChange={(event) => set({ day: event.target.value, ...(event.target.value ? {} : { time: "" }) })} />
            <input className="lf-input" type="time" aria-label="At what time" disabled={!draft.day} value={draft.time} onChange={(event) => set({ time: event.target.value })} />
          </div>
        </Field>
        <Field id="task-reminder" label="Reminder" problem={problemOf("remind_at")}>
          <select id="task-reminder" className="lf-select" disabled={!canRemind && draft.reminder !== "kept"} value={canRemind || draft.reminder === "kept" ? draft.reminder : ""} onChange={(event) => set({ reminder: event.target.value })}>
            {BEFORE.map(([key, word]) => <option key={key} value={key}>{word}</option>)}
            {draft.reminder === "kept" && <option value="kept">As it is set</option>}
          </select>
        </Field>
      </div>
      <div className="lf-field">
        <span className="lf-label">About</span>
        {draft.lead
          ? <span className="lf-taskform__lead"><span className="lf-clip"><bdi>{draft.lead.name}</bdi></span><button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label="About no lead" onClick={() => set({ lead: null })}><Icon name="X" size={14} /></button></span>
          : <FindLead label="Lead that it is about" onPick={(row) => set({ lead: { id: row.id, name: row.name || row.company || row.email || "A lead" } })} />}
      </div>
      <Field id="task-who" label="Whose" problem={problemOf("assignee")}>
        <select id="task-who" className="lf-select" value={draft.assignee} onChange={(event) => set({ assignee: event.target.value })}>
          {!people.some((each) => each.id === draft.assignee) && <option value={draft.assignee}>{task.assignee_name}</option>}
          {people.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
        </select>
      </Field>
      <Field id="task-note" label="Note" problem={problemOf("note")}>
        <textarea id="task-note" className="lf-textarea" rows={2} maxLength={5000} value={draft.note} onChange={(event) => set({ note: event.target.value })} />
      </Field>
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet lf-button--danger lf-taskform__delete" onClick={async () => { if (await deleteTask(task)) onDone(); }}>Delete</button>
        <button type="button" className="lf-button" onClick={onDone}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>Save</button>
      </div>
    </form>
  );
}

export function TaskDialog({ task, onClose }) {
  return <Dialog isOpen={Boolean(task)} heading="Task" onClose={onClose}>{task && <Form key={task.id} task={task} onDone={onClose} />}</Dialog>;
}
