// The calendar of working time, month by month: who works when, who is away, and which days are holidays.
import { useMemo, useState } from "react";
import { AbsenceForm, said } from "./absence_form.jsx";
import { CalendarGrid } from "./calendar_grid.jsx";
import { dateOf, daysOf, keyOf, monthOf, stepped } from "./calendar_days.js";
import { HolidaysPanel } from "./holidays.jsx";
import { Dialog, Empty, Failed, Icon, Skeleton, failed, query, rest, toast, useMe, useNow, useRest, useUrl } from "./kit.js";
import "./work.css";
import "./calendar.css";

const monthName = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });

function Legend({ data }) {
  if (!data.holidays.length) return null;
  const people = new Map(data.groups.flatMap((group) => group.people.map((person) => [person.id, person.name])));
  const teams = new Map(data.groups.map((group) => [group.team, group.name]));
  const whose = ({ team, person }) => (team ? teams.get(team) ?? "another team" : person && people.get(person));
  return (
    <ul className="lf-cal__legend" aria-label="Holidays of this month">
      {data.holidays.map((each) => (
        <li key={each.id}><span className="lf-cal__mark" aria-hidden="true" /><span className="lf-number">{weekday.format(dateOf(each.day))} {Number(each.day.slice(8))}</span> <bdi>{each.name || "Day off"}</bdi>{whose(each) && <bdi className="lf-muted"> · {whose(each)}</bdi>}</li>
      ))}
    </ul>
  );
}

function Bar({ month, onMonth, children }) {
  const to = (by) => () => onMonth(stepped(month, by));
  return (
    <div className="lf-cal__tools">
      <button type="button" className="lf-button lf-button--icon" aria-label="Previous month" onClick={to(-1)}><Icon name="ChevronLeft" /></button>
      <button type="button" className="lf-button lf-button--icon" aria-label="Next month" onClick={to(1)}><Icon name="ChevronRight" /></button>
      <h2 className="lf-cal__month" aria-live="polite">{monthName.format(dateOf(`${month}-01`))}</h2>
      <button type="button" className="lf-button lf-button--quiet" disabled={month === monthOf("")} onClick={() => onMonth(monthOf(""))}>Today</button>
      <div className="lf-cal__end">{children}</div>
    </div>
  );
}

async function cancelled(absence, name, reload) {
  const times = { starts_at: new Date(absence.starts_at).toISOString(), ends_at: new Date(absence.ends_at).toISOString() };
  const undo = () => rest("POST", "/absences", { ...times, person: absence.person, note: absence.note }).then(reload, (problem) => failed("The absence was not put back.", problem));
  try {
    await rest("DELETE", `/absences/${absence.id}`);
    toast(`${name} will be there after all.`, { undo });
  } catch (problem) {
    failed("The absence was not cancelled.", problem);
  }
  reload();
}

export function WorkCalendar() {
  const [params, set] = useUrl();
  const me = useMe();
  const today = keyOf(new Date(useNow()));
  const month = monthOf(params.get("month"));
  const days = useMemo(() => daysOf(month), [month]);
  const { data: found, error, reload } = useRest(`/calendar${query({ from: days[0].key, to: days.at(-1).key })}`);
  const [asked, setAsked] = useState(null);
  const data = found?.first === days[0].key ? found : null;
  const people = data?.groups.flatMap((group) => group.people.filter((person) => person.may_change)) ?? [];
  const nameOf = (id) => people.find((each) => each.id === id)?.name ?? "Somebody";
  const close = () => { asked?.whenOver?.(); setAsked(null); };
  const done = () => { close(); reload(); };
  const own = me?.account.id;
  return (
    <div className="lf-cal">
      <Bar month={month} onMonth={(to) => set({ month: to === monthOf("") ? "" : to })}>
        <button type="button" className="lf-button" disabled={!data} onClick={() => setAsked({ what: "holidays" })}><Icon name="Calendar" /> Holidays</button>
        <button type="button" className="lf-button lf-button--primary" disabled={!people.length} onClick={() => setAsked({ what: "add", start: { person: own, from: today.startsWith(month) ? today : days[0].key } })}><Icon name="Plus" /> <span>Add an absence</span></button>
      </Bar>
      {error && !data ? <Failed what="The calendar could not be loaded." error={error} retry={reload} /> : !data ? <Skeleton shape="row" count={8} /> : !data.groups.length ? <Empty title="There is nobody to show. People appear here as soon as they join." /> : (
        <>
          <Legend data={data} />
          <CalendarGrid key={month} data={data} days={days} today={today} label={`Working time in ${monthName.format(days[0].date)}`} onAdd={(start, whenOver) => setAsked({ what: "add", start, whenOver })} onOpen={(absence) => setAsked({ what: "change", absence })} />
          <p className="lf-cal__help lf-muted">{people.length ? <>Choose a day<span className="lf-cal__drag">, or drag over several,</span> to say that somebody is away.</> : "Owners and admins say here who is away."} Grey days are outside of working hours.</p>
        </>
      )}
      <Dialog isOpen={asked?.what === "add"} heading="Add an absence" onClose={close}>
        {asked?.what === "add" && <AbsenceForm start={asked.start} people={people.length > 1 ? people : null} onDone={done} onCancel={close} />}
      </Dialog>
      <Dialog isOpen={asked?.what === "change"} heading={asked?.absence ? `${nameOf(asked.absence.person)}: ${said(asked.absence)}` : ""} onClose={close}>
        {asked?.absence && (
          <AbsenceForm absence={asked.absence} onDone={done} onCancel={close}>
            <button type="button" className="lf-button lf-button--quiet lf-button--danger lf-cal__cancel" onClick={() => { close(); cancelled(asked.absence, nameOf(asked.absence.person), reload); }}>Cancel the absence</button>
          </AbsenceForm>
        )}
      </Dialog>
      <Dialog isOpen={asked?.what === "holidays"} heading="Holidays" onClose={close}>
        {asked?.what === "holidays" && <HolidaysPanel year={Number(month.slice(0, 4))} people={people} me={own} isForAll={Boolean(data?.may_manage)} onChange={reload} />}
      </Dialog>
    </div>
  );
}
