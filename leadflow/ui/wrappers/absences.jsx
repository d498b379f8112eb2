// Who is away, and until when: whole days in the reader's own time zone, or from one time to another.
import { useState } from "react";
import { Avatar, Dialog, Empty, Failed, Icon, RestError, Skeleton, exactTime, failed, may, rest, toast, useMe, useNow, useOnce, useRest } from "./kit.js";
import { RowMenu } from "./row_menu.jsx";
import "./work.css";

const DAY = 86_400_000;
const dayOnly = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
const two = (value) => String(value).padStart(2, "0");
const dayOf = (at) => { const on = new Date(at); return `${on.getFullYear()}-${two(on.getMonth() + 1)}-${two(on.getDate())}`; };
const timeOf = (at) => { const on = new Date(at); return `${two(on.getHours())}:${two(on.getMinutes())}`; };
const isMidnight = (at) => timeOf(at) === "00:00";
const isWhole = ({ starts_at: starts, ends_at: ends }) => isMidnight(starts) && isMidnight(ends);

// The last day that somebody is away: one who is away until midnight is away on the day before.
const lastDay = (ends) => dayOf(isMidnight(ends) ? ends - DAY / 2 : ends);

function said(absence) {
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

const fresh = (person) => ({ person, from: dayOf(Date.now()), to: dayOf(Date.now()), fromTime: "09:00", toTime: "17:00", isTimed: false, note: "" });
const draftOf = (absence) => ({
  person: absence.person, from: dayOf(absence.starts_at), to: isWhole(absence) ? lastDay(absence.ends_at) : dayOf(absence.ends_at),
  fromTime: timeOf(absence.starts_at), toTime: timeOf(absence.ends_at), isTimed: !isWhole(absence), note: absence.note,
});

function Field({ id, label, problem, children }) {
  return <div className="lf-field"><label htmlFor={id}>{label}</label>{children}{problem && <p className="lf-error" role="alert">{problem}</p>}</div>;
}

function AbsenceForm({ absence, people, me, onDone, onCancel }) {
  const [draft, setDraft] = useState(() => (absence ? draftOf(absence) : fresh(me)));
  const [problems, setProblems] = useState([]);
  const [busy, setBusy] = useState(false);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const problemOf = (field) => problems.find((each) => each.field === field)?.message;
  const rest_ = problems.filter((each) => !["starts_at", "ends_at", "person", "note"].includes(each.field));
  const save = async (event) => {
    event?.preventDefault();
    const times = moments(draft);
    if (!times.starts_at || !times.ends_at) return setProblems([{ field: times.starts_at ? "ends_at" : "starts_at", message: "Choose a day." }]);
    setBusy(true);
    setProblems([]);
    try {
      const body = { ...times, note: draft.note.trim() };
      await (absence ? rest("PATCH", `/absences/${absence.id}`, body) : rest("POST", "/absences", { ...body, person: draft.person }));
      toast(absence ? "The absence is changed." : "The absence is noted. Leads go to others meanwhile.");
      onDone();
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      setProblems(error.errors.length ? error.errors : [{ field: "", message: error.message }]);
      setBusy(false);
    }
  };
  const keys = (event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save(event); };
  return (
    <form className="lf-form" noValidate onSubmit={save} onKeyDown={keys} aria-busy={busy}>
      {rest_.length > 0 && <p className="lf-error lf-error--block" role="alert">{rest_.map((each) => each.message).join(" ")}</p>}
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
        <button type="button" className="lf-button" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{absence ? "Save" : "Note the absence"}</button>
      </div>
    </form>
  );
}

export function Absences({ everybody = false }) {
  const me = useMe();
  const people = useOnce("/people")?.items;
  const { data, error, reload } = useRest("/absences");
  const [asked, setAsked] = useState(null);
  const [gone, setGone] = useState([]);
  const now = useNow();
  if (error && !data) return <Failed what="The absences could not be loaded." error={error} retry={reload} />;
  if (!data || !me || !people) return <Skeleton shape="row" count={3} />;
  const isForAll = everybody && may(me, "people.manage");
  const shown = data.items.filter((each) => !gone.includes(each.id) && (isForAll || each.person === me.account.id));
  const nameOf = (id) => people.find((each) => each.id === id)?.name ?? "Somebody who has left";
  const undo = async ({ person, starts_at: starts, ends_at: ends, note }) => {
    try {
      await rest("POST", "/absences", { person, starts_at: new Date(starts).toISOString(), ends_at: new Date(ends).toISOString(), note });
      reload();
    } catch (problem) {
      failed("The absence was not put back.", problem);
    }
  };
  const cancel = async (absence) => {
    setGone((before) => [...before, absence.id]);
    try {
      await rest("DELETE", `/absences/${absence.id}`);
      toast(`${isForAll ? nameOf(absence.person) : "You"} will be there after all.`, { undo: () => undo(absence) });
    } catch (problem) {
      setGone((before) => before.filter((id) => id !== absence.id));
      failed("The absence was not cancelled.", problem);
    }
  };
  const add = <button type="button" className="lf-button lf-button--primary" onClick={() => setAsked("new")}><Icon name="Plus" /> Add an absence</button>;
  const close = () => setAsked(null);
  return (
    <div className="lf-away">
      {shown.length === 0 ? <Empty title={isForAll ? "Everybody is there, as far as is known. Whoever is away gets no new leads." : "You are not away. While you are, new leads go to others."}>{add}</Empty> : (
        <>
          <div className="lf-away__bar">{add}</div>
          <ul className="lf-rows" aria-label="Absences">
            {shown.map((each) => (
              <li key={each.id} className="lf-rows__row">
                {isForAll && <Avatar person={{ id: each.person, name: nameOf(each.person) }} />}
                <div className="lf-rows__main">
                  <span className="lf-rows__title">{isForAll && <><bdi>{nameOf(each.person)}</bdi> · </>}<span className="lf-number">{said(each)}</span>{each.starts_at <= now && <span className="lf-tag lf-tag--warn">Away now</span>}</span>
                  {each.note && <bdi className="lf-muted lf-clip" title={each.note}>{each.note}</bdi>}
                </div>
                <RowMenu name={nameOf(each.person)} label={`More for the absence of ${nameOf(each.person)}, ${said(each)}`} items={[{ key: "change", name: "Change…" }, { key: "cancel", name: "Cancel it" }]} onPick={(what) => (what === "cancel" ? cancel(each) : setAsked(each))} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Dialog isOpen={Boolean(asked)} heading={asked === "new" ? "Add an absence" : "Change the absence"} onClose={close}>
        <AbsenceForm absence={asked === "new" ? null : asked} people={isForAll ? people.filter((each) => each.state === "active") : null} me={me.account.id} onDone={() => { close(); reload(); }} onCancel={close} />
      </Dialog>
    </div>
  );
}
