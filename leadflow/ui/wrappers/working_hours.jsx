// When each person works: outside of it leads go to others, and no time to answer runs.
import { useState } from "react";
import { Avatar, Dialog, Failed, RestError, Skeleton, rest, toast, useRest } from "./kit.js";
import { DAYS, LONG, WORKDAYS, parsed, weekWords, written } from "./week.js";
import "./work.css";

const USUAL = Object.fromEntries(WORKDAYS.map((day) => [day, [["09:00", "17:00"]]]));
const ZONES = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
const textsOf = (week) => Object.fromEntries(DAYS.map((day) => [day, written(week[day])]));

function HoursForm({ person, onDone, onCancel }) {
  const [isAlways, setAlways] = useState(!person.hours);
  const [texts, setTexts] = useState(() => textsOf(person.hours ?? USUAL));
  const [zone, setZone] = useState(person.time_zone);
  const [problems, setProblems] = useState({});
  const [busy, setBusy] = useState(false);
  const copy = () => setTexts((before) => ({ ...before, ...Object.fromEntries(WORKDAYS.map((day) => [day, before.monday])) }));
  const save = async (event) => {
    event?.preventDefault();
    const week = Object.fromEntries(DAYS.map((day) => [day, parsed(texts[day])]));
    const unread = DAYS.filter((day) => !week[day]);
    if (!isAlways && unread.length) return setProblems(Object.fromEntries(unread.map((day) => [day, "Write hours like 9-12, 13-17:30."])));
    setBusy(true);
    setProblems({});
    try {
      await rest("PUT", `/people/${person.id}/hours`, { hours: isAlways ? null : week, time_zone: zone.trim() });
      toast(`${person.name}: hours saved.`);
      onDone();
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const named = error.errors.map((each) => [DAYS.find((day) => each.field?.includes(day)) ?? (each.field === "time_zone" ? "zone" : "whole"), each.message]);
      setProblems(named.length ? Object.fromEntries(named) : { whole: error.message });
      setBusy(false);
    }
  };
  const keys = (event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save(event); };
  return (
    <form className="lf-form" noValidate onSubmit={save} onKeyDown={keys} aria-busy={busy}>
      {problems.whole && <p className="lf-error lf-error--block" role="alert">{problems.whole}</p>}
      <label className="lf-check"><input type="checkbox" checked={isAlways} onChange={(event) => setAlways(event.target.checked)} /> Always there</label>
      {!isAlways && (
        <div className="lf-week">
          {DAYS.map((day, place) => (
            <div key={day} className="lf-week__day">
              <label htmlFor={`hours-${day}`}>{LONG[place]}</label>
              <input id={`hours-${day}`} className="lf-input lf-number" value={texts[day]} placeholder="Off" autoComplete="off" aria-invalid={Boolean(problems[day])} aria-describedby={problems[day] ? `hours-${day}-note` : undefined} onChange={(event) => setTexts({ ...texts, [day]: event.target.value })} />
              {problems[day] && <p id={`hours-${day}-note`} className="lf-error" role="alert">{problems[day]}</p>}
            </div>
          ))}
          <button type="button" className="lf-button lf-button--quiet lf-button--small" onClick={copy}>Monday’s for all working days</button>
        </div>
      )}
      <div className="lf-field">
        <label htmlFor="hours-zone">Time zone</label>
        <input id="hours-zone" className="lf-input" list="hours-zones" value={zone} placeholder="The organization’s" autoComplete="off" aria-invalid={Boolean(problems.zone)} onChange={(event) => setZone(event.target.value)} />
        <datalist id="hours-zones">{ZONES.map((each) => <option key={each} value={each} />)}</datalist>
        {problems.zone && <p className="lf-error" role="alert">{problems.zone}</p>}
      </div>
      <div className="lf-actions">
        <button type="button" className="lf-button" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>Save the hours</button>
      </div>
    </form>
  );
}

export function WorkingHours() {
  const { data, error, reload } = useRest("/people");
  const [asked, setAsked] = useState(null);
  const close = () => setAsked(null);
  if (error && !data) return <Failed what="The working hours could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="row" count={5} />;
  return (
    <>
      <ul className="lf-rows" aria-label="Working hours">
        {data.items.filter((each) => each.state === "active").map((person) => (
          <li key={person.id} className="lf-rows__row">
            <Avatar person={person} />
            <div className="lf-rows__main">
              <bdi className="lf-rows__title lf-clip" title={person.name}>{person.name}</bdi>
              <span className="lf-muted lf-number">{weekWords(person.hours)}{person.time_zone && ` · ${person.time_zone}`}</span>
            </div>
            <button type="button" className="lf-button lf-button--small" aria-label={`Change the hours of ${person.name}`} onClick={() => setAsked(person)}>Change</button>
          </li>
        ))}
      </ul>
      <Dialog isOpen={Boolean(asked)} heading={asked ? `Hours of ${asked.name}` : ""} onClose={close}>
        {asked && <HoursForm key={asked.id} person={asked} onDone={() => { close(); reload(); }} onCancel={close} />}
      </Dialog>
    </>
  );
}
