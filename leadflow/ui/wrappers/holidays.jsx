// The holidays of a year: seen, added one by one or a country's at once, and removed.
import { useState } from "react";
import { CountryHolidays } from "./holiday_country.jsx";
import { Whose, whoseOf } from "./holiday_whose.jsx";
import { dateOf, keyOf } from "./calendar_days.js";
import { Empty, Failed, Icon, Skeleton, failed, query, rest, toast, useRest } from "./kit.js";
import { Field, useSaving } from "./saving.jsx";

const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const MODES = [["list", "All of the year"], ["day", "Add a day"], ["country", "Add a country’s"]];

function AddDay({ year, usual, isForAll, teams, people, onDone }) {
  const today = new Date().getFullYear() === year ? new Date() : new Date(year, 0, 1);
  const [draft, setDraft] = useState({ day: keyOf(today), name: "", whose: usual });
  const { busy, send, problemOf, elsewhere } = useSaving(["day", "name"]);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const save = (event) => {
    event?.preventDefault();
    return send(async () => {
      await rest("POST", "/holidays", { day: draft.day || null, name: draft.name, ...whoseOf(draft.whose) });
      toast(`${draft.name.trim()} is a holiday.`);
      onDone(Number(draft.day.slice(0, 4)));
    });
  };
  const keys = (event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save(event); };
  return (
    <form className="lf-form" noValidate onSubmit={save} onKeyDown={keys} aria-busy={busy}>
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{elsewhere}</p>}
      <div className="lf-pair">
        <Field id="holiday-day" label="Day" problem={problemOf("day")}><input id="holiday-day" className="lf-input" type="date" value={draft.day} onChange={(event) => set({ day: event.target.value })} /></Field>
        <Field id="holiday-name" label="Name" problem={problemOf("name")}><input id="holiday-name" className="lf-input" maxLength={120} autoComplete="off" placeholder="Company outing" value={draft.name} onChange={(event) => set({ name: event.target.value })} /></Field>
      </div>
      {isForAll && <Whose id="holiday-whose" value={draft.whose} onChange={(whose) => set({ whose })} teams={teams} people={people} />}
      <div className="lf-actions"><button type="submit" className="lf-button lf-button--primary" disabled={busy}>Add the holiday</button></div>
    </form>
  );
}

function List({ year, data, nameOf, isForAll, me, onChange }) {
  const [gone, setGone] = useState([]);
  const remove = async (holiday) => {
    const { day: on, name, team, person, origin } = holiday;
    const undo = () => rest("POST", "/holidays", { day: on, name, ...(team && { team }), ...(person && { person }) }).then(onChange, (problem) => failed("The holiday was not put back.", problem));
    setGone((before) => [...before, holiday.id]);
    try {
      await rest("DELETE", `/holidays/${holiday.id}`);
      toast(origin ? `${name} is a working day. Add the country’s again to have it back.` : `${name} is a working day.`, { undo: origin ? null : undo });
      onChange();
    } catch (problem) {
      setGone((before) => before.filter((id) => id !== holiday.id));
      failed("The holiday was not removed.", problem);
    }
  };
  const shown = data.items.filter((each) => !gone.includes(each.id));
  if (!shown.length) return <Empty title={`No holidays in ${year} yet. On a holiday nobody gets leads, and no time to answer runs.`} />;
  return (
    <ul className="lf-rows lf-holidays__list" aria-label={`Holidays of ${year}`}>
      {shown.map((each) => (
        <li key={each.id} className="lf-rows__row">
          <span className="lf-holidays__day lf-number">{day.format(dateOf(each.day))}</span>
          <div className="lf-rows__main">
            <bdi className="lf-rows__title lf-clip" title={each.name}>{each.name || "Day off"}</bdi>
            <span className="lf-muted"><bdi>{nameOf(each)}</bdi>{each.origin && ` · public holiday, ${each.origin}`}</span>
          </div>
          {(isForAll || each.person === me) && <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label={`Remove ${each.name}, ${day.format(dateOf(each.day))}`} onClick={() => remove(each)}><Icon name="X" /></button>}
        </li>
      ))}
    </ul>
  );
}

export function HolidaysPanel({ year: first, people, me, isForAll, onChange }) {
  const [year, setYear] = useState(first);
  const [mode, setMode] = useState("list");
  const teams = useRest("/teams").data?.items ?? [];
  const { data, error, reload } = useRest(`/holidays${query({ from: `${year}-01-01`, to: `${year}-12-31` })}`);
  const changed = () => { reload(); onChange(); };
  const added = (to) => { setYear(to); setMode("list"); changed(); };
  const nameOf = ({ team, person }) => (team ? teams.find((each) => each.id === team)?.name ?? "A team" : !person ? "Everybody" : people.find((each) => each.id === person)?.name ?? "One person");
  const usual = isForAll ? "" : `person:${me}`;
  const whose = { usual, isForAll, teams, people };
  return (
    <div className="lf-holidays">
      <div className="lf-segments" role="group" aria-label="What to do">
        {MODES.map(([key, label]) => <button key={key} type="button" className="lf-segment" aria-pressed={mode === key} onClick={() => setMode(key)}>{label}</button>)}
      </div>
      {mode === "day" && <AddDay year={year} onDone={added} {...whose} />}
      {mode === "country" && <CountryHolidays year={year} onDone={added} {...whose} />}
      {mode === "list" && (
        <>
          <div className="lf-cal__tools">
            <button type="button" className="lf-button lf-button--icon lf-button--small" aria-label="Previous year" disabled={year <= 2000} onClick={() => setYear(year - 1)}><Icon name="ChevronLeft" /></button>
            <strong className="lf-number" aria-live="polite">{year}</strong>
            <button type="button" className="lf-button lf-button--icon lf-button--small" aria-label="Next year" disabled={year >= 2099} onClick={() => setYear(year + 1)}><Icon name="ChevronRight" /></button>
          </div>
          {error && !data ? <Failed what="The holidays could not be loaded." error={error} retry={reload} /> : !data ? <Skeleton shape="row" count={4} /> : <List year={year} data={data} nameOf={nameOf} isForAll={isForAll} me={me} onChange={changed} />}
        </>
      )}
    </div>
  );
}
