// People as rows and days as columns. Arrows walk, Shift with them chooses several days, Enter says that somebody is away.
import { Fragment, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { CalendarRow } from "./calendar_row.jsx";
import { laid } from "./calendar_days.js";

const weekday = new Intl.DateTimeFormat(undefined, { weekday: "narrow" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

const ordered = (one, other) => [Math.min(one, other), Math.max(one, other)];
const nameOf = (holiday) => holiday.name || "a day off";

// What each person's row is drawn from: their bars, and the names of their holidays by day.
function rowsOf({ groups, absences, holidays }, days) {
  const known = new Map(holidays.map((each) => [each.id, each]));
  return groups.flatMap((group) => group.people.map((person) => {
    const free = new Map();
    for (const holiday of person.holidays.map((id) => known.get(id))) free.set(holiday.day, [...(free.get(holiday.day) ?? []), nameOf(holiday)]);
    return { person, free, laid: laid(absences.filter((each) => each.person === person.id), days) };
  }));
}

function Head({ days, today, everybodys }) {
  return (
    <div role="row" className="lf-cal__row lf-cal__row--head">
      <div role="columnheader" className="lf-cal__who">Person</div>
      {days.map((day) => {
        const names = everybodys.get(day.key);
        return (
          <div key={day.key} role="columnheader" aria-label={`${longDay.format(day.date)}${names ? `, ${names.join(", ")}` : ""}`} title={names?.join(", ")} aria-current={day.key === today ? "date" : undefined} className={`lf-cal__day ${day.isWeekend ? "is-weekend" : ""} ${names ? "is-holiday" : ""}`}>
            <span>{weekday.format(day.date)}</span><span className="lf-cal__number lf-number">{day.number}</span>
          </div>
        );
      })}
    </div>
  );
}

export function CalendarGrid({ data, days, today, label, onAdd, onOpen }) {
  const box = useRef(null);
  const rows = useMemo(() => rowsOf(data, days), [data, days]);
  const [active, setActive] = useState({ row: 0, place: Math.max(0, days.findIndex((day) => day.key === today)) });
  const [picked, setPicked] = useState(null);
  const everybodys = useMemo(() => {
    const found = new Map();
    for (const each of data.holidays) if (!each.team && !each.person) found.set(each.day, [...(found.get(each.day) ?? []), each.name]);
    return found;
  }, [data]);

  const ask = ({ row, start, end }) => {
    const [first, last] = ordered(start, end);
    setPicked({ row, start: first, end: last, isAsked: true });
    onAdd({ person: rows[row].person.id, from: days[first].key, to: days[last].key }, () => setPicked(null));
  };
  const latest = useRef({});
  const tapped = useRef(null);
  latest.current = { rows, picked, ask, onOpen };
  const on = useMemo(() => ({
    press: (event, row, place) => {
      tapped.current = null;
      if (event.button !== 0 || !latest.current.rows[row].person.may_change || event.target.closest("button")) return;
      if (event.pointerType === "mouse") setPicked({ row, start: place, end: place });
      else tapped.current = { row, start: place, end: place };
    },
    drag: (row, place) => setPicked((before) => (before && !before.isAsked && before.row === row ? { ...before, end: place } : before)),
    focus: (row, place) => setActive((before) => (before.row === row && before.place === place ? before : { row, place })),
    open: (absence) => latest.current.onOpen(absence),
  }), []);

  useEffect(() => {
    const release = () => { const { picked: now, ask: say } = latest.current; if (now && !now.isAsked && !now.byKey) say(now); };
    addEventListener("pointerup", release);
    return () => removeEventListener("pointerup", release);
  }, []);
  // On a phone a touch that scrolls is no choice: only one that ends as a click is.
  const click = () => {
    const found = tapped.current;
    tapped.current = null;
    if (found) ask(found);
  };

  useLayoutEffect(() => {
    const at = box.current.querySelector("[aria-current=date]");
    if (at) box.current.scrollLeft = at.offsetLeft - at.offsetWidth * 2 - box.current.querySelector(".lf-cal__who").offsetWidth;
  }, [days]);

  const keys = (event) => {
    const { row, place } = active;
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Home: [0, -place], End: [0, days.length - 1 - place] }[event.key];
    const { person } = rows[row];
    if (step) {
      event.preventDefault();
      const to = { row: Math.max(0, Math.min(rows.length - 1, row + (event.shiftKey ? 0 : step[0]))), place: Math.max(0, Math.min(days.length - 1, place + step[1])) };
      setPicked(event.shiftKey && person.may_change ? { row, start: picked?.byKey && picked.row === row ? picked.start : place, end: to.place, byKey: true } : null);
      setActive(to);
      box.current.querySelector(`[data-row="${to.row}"][data-place="${to.place}"]`)?.focus();
    } else if (["Enter", " "].includes(event.key) && person.may_change) {
      event.preventDefault();
      const here = rows[row].laid.bars.find((bar) => bar.from <= place && bar.to >= place);
      if (here && !picked?.byKey) onOpen(here.absence);
      else ask(picked?.byKey ? picked : { row, start: place, end: place });
    } else if (event.key === "Escape" && picked) {
      setPicked(null);
    }
  };

  let place = 0;
  const hasTeams = data.groups.some((group) => group.name);
  return (
    <div ref={box} role="grid" aria-label={label} className="lf-cal__grid" style={{ "--days": days.length }} onKeyDown={keys} onClick={click}>
      <Head days={days} today={today} everybodys={everybodys} />
      {data.groups.map((group) => (
        <Fragment key={group.team ?? "none"}>
          {hasTeams && <div role="row" className="lf-cal__row lf-cal__row--team"><div role="rowheader" className="lf-cal__team"><bdi>{group.name || "In no team"}</bdi></div></div>}
          {group.people.map((person) => {
            const row = place++;
            const range = picked?.row === row ? ordered(picked.start, picked.end) : null;
            return (
              <CalendarRow
                key={person.id} person={person} row={row} days={days} today={today} laid={rows[row].laid} free={rows[row].free}
                active={active.row === row ? active.place : -1} picked={range} on={on}
              />
            );
          })}
        </Fragment>
      ))}
    </div>
  );
}
