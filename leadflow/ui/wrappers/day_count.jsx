// How much is late or due today, beside the entry that leads there.
import { useEffect, useState } from "react";
import { hereZone, number, query, rest, useTaskNews } from "./kit.js";
import "./tasks.css";

export function DayCount() {
  const [due, setDue] = useState(null);
  const [today, setToday] = useState(0);
  const beat = useTaskNews();
  useEffect(() => {
    let wanted = true;
    rest("GET", `/tasks/day${query({ zone: hereZone() })}`).then((day) => wanted && setDue(day), () => {});
    return () => { wanted = false; };
  }, [beat, today]);
  useEffect(() => {
    if (!due) return undefined;
    const midnight = setTimeout(() => setToday(due.ends), Math.max(0, due.ends - Date.now()) + 1000);
    return () => clearTimeout(midnight);
  }, [due]);
  const count = due ? due.overdue + due.today : 0;
  if (!count) return null;
  return <span className={`lf-nav__count lf-number ${due.overdue ? "is-late" : ""}`} title={`${number(due.overdue)} overdue, ${number(due.today)} due today`}>{count > 99 ? "99+" : count}<span className="lf-visually-hidden"> due</span></span>;
}
