// When somebody is away, put into words and into a form: whole days in the reader's own time zone, or some hours.
import { useState } from "react";
import { keyOf, timeOf } from "./calendar_days.js";
import { exactTime, rest, toast } from "./kit.js";
import { Field, useSaving } from "./saving.jsx";

const DAY = 86_400_000;
const dayOnly = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const dayOf = (at) => keyOf(new Date(at));
const isMidnight = (at) => timeOf(new Date(at)) === "00:00";
const isWhole = ({ starts_at: starts, ends_at: ends }) => isMidnight(starts) && isMidnight(ends);

// The last day that somebody is away: one who is away until midnight is away on the day before.
const lastDay = (ends) => dayOf(isMidnight(ends) ? ends - DAY / 2 : ends);

export function said(absence) {
  if (!isWhole(absence)) return `${exactTime(absence.starts_at)} – ${exactTime(absence.ends_at)}`;
  const [first, last] = [dayOnly.format(absence.starts_at), dayOnly.format(absence.ends_at - DAY / 2)];
  return first === last ? first : `${first} – ${last}`;
}

function moments({ from, to, fromTime, toTime, isTimed }) {
  const starts = new Date(`${from}T${isTimed ? fromTime : "00:00"}`);
  const ends = new Date(`${to}T${isTimed ? toTime : "00:00"}`);
  if (!isTimed) ends.setDate(ends.getDate() + 1);
  return { starts_at: Number.isNaN(starts.getTime()) ? null : starts.toISOString(), ends_at: Number.isNaN(ends.getTime()) ? null : ends.toISOString() };
}

const fresh = ({ person, from = dayOf(Date.now()), to = from }) => ({ person, from, to, fromTime: "09:00", toTime: "17:00", isTimed: false, note: "" });
const draftOf = (absence) => ({
  person: absence.person, from: dayOf(absence.starts_at), to: isWhole(absence) ? lastDay(absence.ends_at) : dayOf(absence.ends_at),
  fromTime: timeOf(new Date(absence.starts_at)), toTime: timeOf(new Date(absence.ends_at)), isTimed: !isWhole(absence), note: absence.note,
});

// `start` is the person and the days of a new one; `children` stand left of the buttons.
export function AbsenceForm({ absence, start, people, onDone, onCancel, children }) {
  const [draft, setDraft] = useState(() => (absence ? draftOf(absence) : fresh(start)));
  const { busy, send, refuse, problemOf, elsewhere } = useSaving(["starts_at", "ends_at", "person", "note"]);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const save = (event) => {
    event?.preventDefault();
    const times = moments(draft);
    if (!times.starts_at || !times.ends_at) return refuse([{ field: times.starts_at ? "ends_at" : "starts_at", message: "Choose a day." }]);
    return send(async () => {
      const body = { ...times, note: draft.note.trim() };
      await (absence ? rest("PATCH", `/absences/${absence.id}`, body) : rest("POST", "/absences", { ...body, person: draft.person }));
      toast(absence ? "The absence is changed." : "The absence is noted. Leads go to others meanwhile.");
      onDone();
    });
  };
  const keys = (event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save(event); };
  return (
    <form className="lf-form" noValidate onSubmit={save} onKeyDown={keys} aria-busy={busy}>
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{elsewhere}</p>}
      {people && !absence && (
        <Field id="away-who" label="Who" problem={problemOf("person")}>
          <select id="away-who" className="lf-select" value={draft.person} onChange={(event) => set({ person: event.target.value })}>{people.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}</select>
        </Field>
      )}
      <div className="lf-pair">
        <Field id="away-from" label={draft.isTimed ? "From" : "First day"} problem={problemOf("starts_at")}>
          <input id="away-from" className="lf-input" type="date" value={draft.from} onChange={(event) => set({ from: event.target.value, to: event.target.value > draft.to ? event.target.value : draft.to })} />
          {draft.isTimed && <input className="lf-input" type="time" aria-label="From what time" value={draft.fromTime} onChange={(event) => set({ fromTime: event.target.value })} />}
        </Field>
        <Field id="away-to" label={draft.isTimed ? "Until" : "Last day"} problem={problemOf("ends_at")}>
          <input id="away-to" className="lf-input" type="date" min={draft.from} value={draft.to} onChange={(event) => set({ to: event.target.value })} />
          {draft.isTimed && <input className="lf-input" type="time" aria-label="Until what time" value={draft.toTime} onChange={(event) => set({ toTime: event.target.value })} />}
        </Field>
      </div>
      <label className="lf-check"><input type="checkbox" checked={draft.isTimed} onChange={(event) => set({ isTimed: event.target.checked })} /> Only for some hours</label>
      <Field id="away-note" label="Note" problem={problemOf("note")}>
        <input id="away-note" className="lf-input" maxLength={200} autoComplete="off" placeholder="Holiday, training…" value={draft.note} onChange={(event) => set({ note: event.target.value })} />
      </Field>
      <div className="lf-actions">
        {children}
        <button type="button" className="lf-button" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{absence ? "Save" : "Note the absence"}</button>
      </div>
    </form>
  );
}
