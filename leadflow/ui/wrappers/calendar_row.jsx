// One person's month: the days they work, their holidays, and their absences as bars.
import { memo } from "react";
import { Avatar } from "./kit.js";
import { said } from "./absence_form.jsx";
import { DAYS, weekWords, written } from "./week.js";

const long = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const noted = (absence) => absence.note || "Away";

function Bar({ bar, name, isOpenable, onOpen }) {
  const { absence, from, to, lane, isCutBefore, isCutAfter } = bar;
  const look = {
    className: `lf-cal__bar ${isCutBefore ? "is-cut-before" : ""} ${isCutAfter ? "is-cut-after" : ""}`,
    style: { "--span": to - from + 1, "--lane": lane }, title: `${said(absence)}${absence.note ? `: ${absence.note}` : ""}`,
  };
  if (!isOpenable) return <span {...look} aria-hidden="true"><bdi>{noted(absence)}</bdi></span>;
  return <button type="button" tabIndex={-1} {...look} aria-label={`Absence of ${name}, ${said(absence)}${absence.note ? `: ${absence.note}` : ""}`} onClick={(event) => { event.stopPropagation(); onOpen(absence); }}><bdi>{noted(absence)}</bdi></button>;
}

function words(person, day, names, away) {
  const shifts = person.hours?.[DAYS[day.place]];
  const works = person.hours ? (shifts?.length ? `works ${written(shifts)}` : "does not work") : "works";
  const states = [...away.map((bar) => `away, ${noted(bar.absence)}`), ...names.map((name) => `holiday, ${name}`)];
  return `${person.name}, ${long.format(day.date)}: ${states.join("; ") || works}`;
}

// `active` is the place of the cell that the keyboard is on, `picked` the first and last place of what is chosen.
export const CalendarRow = memo(function CalendarRow({ person, row, days, today, laid, free, active, picked, on }) {
  const hours = `${weekWords(person.hours)} · ${person.zone}`;
  return (
    <div role="row" className="lf-cal__row" style={{ "--lanes": laid.lanes }}>
      <div role="rowheader" className="lf-cal__who" title={`${person.name}: ${hours}`}><Avatar person={person} /><bdi className="lf-clip">{person.name}</bdi></div>
      {days.map((day, place) => {
        const names = free.get(day.key) ?? [];
        const away = laid.bars.filter((bar) => bar.from <= place && bar.to >= place);
        const isOff = person.hours && !person.hours[DAYS[day.place]]?.length;
        const isPicked = picked && place >= picked[0] && place <= picked[1];
        return (
          <div
            key={day.key} role="gridcell" aria-label={words(person, day, names, away)} aria-selected={person.may_change ? Boolean(isPicked) : undefined}
            tabIndex={active === place ? 0 : -1} data-row={row} data-place={place} title={names.join(", ") || undefined}
            className={`lf-cal__cell ${day.isWeekend ? "is-weekend" : ""} ${isOff ? "is-off" : ""} ${names.length ? "is-holiday" : ""} ${day.key === today ? "is-today" : ""} ${isPicked ? "is-picked" : ""} ${person.may_change ? "is-open" : ""}`}
            onPointerDown={(event) => on.press(event, row, place)} onPointerEnter={() => on.drag(row, place)} onFocus={() => on.focus(row, place)}
          >
            {laid.bars.filter((bar) => bar.from === place).map((bar) => <Bar key={bar.absence.id} bar={bar} name={person.name} isOpenable={person.may_change} onOpen={on.open} />)}
          </div>
        );
      })}
    </div>
  );
});
