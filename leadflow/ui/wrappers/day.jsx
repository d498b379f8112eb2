// My day: what is late, what is due, what comes, and what I have done.
import { useCallback, useEffect, useRef, useState } from "react";
import { useKeysSaid } from "./commands.js";
import { Empty, Failed, Icon, Skeleton, may, number, query, rest, useMe, useNow, useTaskNews, hereZone } from "./kit.js";
import { TaskDialog } from "./task_form.jsx";
import { TaskLine } from "./task_line.jsx";
import { TaskRow } from "./task_row.jsx";
import { partOf } from "./task_words.js";
import "./tasks.css";

const PAGE = 100;
const PARTS = [["overdue", "Overdue"], ["today", "Today"], ["upcoming", "Upcoming"], ["undated", "No date"]];
const KEYS = [{ label: "Next task, the one before", key: "j k" }];
const CHANGING_KEYS = [{ label: "Check off", key: "x" }, { label: "Edit the task", key: "e" }, { label: "Delete the task", key: "Delete" }];

async function openTasks(wanted) {
  const items = [];
  let cursor = "";
  do {
    const page = await rest("GET", `/tasks${query({ assignee: "me", limit: PAGE, cursor })}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < wanted);
  return { items, isMore: Boolean(cursor) };
}

function useDay() {
  const [state, setState] = useState({ day: null, open: null, done: [], error: null });
  const [wanted, setWanted] = useState(PAGE);
  const beat = useTaskNews();
  const turn = useRef(0);
  const load = useCallback(async () => {
    const mine = ++turn.current;
    try {
      const [day, open, done] = await Promise.all([
        rest("GET", `/tasks/day${query({ zone: hereZone() })}`),
        openTasks(wanted),
        rest("GET", `/tasks${query({ assignee: "me", state: "done", done: "today", zone: hereZone() })}`),
      ]);
      if (mine === turn.current) setState({ day, open, done: done.items, error: null });
    } catch (error) {
      if (mine === turn.current) setState((before) => ({ ...before, error }));
    }
  }, [wanted]);
  useEffect(() => { load(); }, [load, beat]);
  return { ...state, load, more: () => setWanted((before) => before + PAGE) };
}

const boxes = (list) => [...(list?.querySelectorAll(".lf-task__box") ?? [])];
const rowOf = (element) => element?.closest?.("[data-task]");

// Where the focus goes when its row leaves: to the row that takes its place.
function useFocus(list) {
  const place = useRef(null);
  useEffect(() => {
    if (place.current === null || rowOf(document.activeElement)) return;
    const all = boxes(list.current).filter((box) => box.getAttribute("aria-checked") === "false");
    if (all.length) all[Math.min(place.current, all.length - 1)].focus();
    place.current = null;
  });
  return () => {
    const at = boxes(list.current).findIndex((box) => rowOf(box) === rowOf(document.activeElement));
    return () => { place.current = at < 0 ? null : at; };
  };
}

function useKeys(list, { tasks, edit, canWrite }) {
  useKeysSaid(KEYS);
  useKeysSaid(CHANGING_KEYS, canWrite);
  useEffect(() => {
    const keys = (event) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest("input, textarea, select, dialog, [role=menu]")) return;
      const [all, row] = [boxes(list.current), rowOf(document.activeElement)];
      const at = all.findIndex((box) => rowOf(box) === row);
      const task = row && tasks.find((each) => each.id === row.dataset.task);
      const does = {
        j: () => all[Math.min(at + 1, all.length - 1)]?.focus(), k: () => all[Math.max(at - 1, 0)]?.focus(),
        ...(canWrite && task ? { x: () => all[at].click(), e: () => edit(task), Delete: () => row.querySelector(".lf-task__delete")?.click() } : {}),
      }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  });
}

function Part({ name, heading, tasks, count, children }) {
  if (!tasks.length) return null;
  return (
    <section className={`lf-daypart lf-daypart--${name}`} aria-labelledby={`day-${name}`}>
      <h2 id={`day-${name}`} className="lf-daypart__head">{heading} <span className="lf-daypart__count lf-number">{number(count)}</span></h2>
      <ul className="lf-tasks" aria-label={heading}>{children}</ul>
    </section>
  );
}

function Nothing({ canWrite, line, hasDone }) {
  if (!canWrite) return <Empty title="Nothing is yours to do. Tasks are given to people who work on leads." />;
  return (
    <Empty title={hasDone ? "All done. Nothing else is waiting for you." : "Nothing to do yet. Write what comes next, and when: the day sorts itself."}>
      <button type="button" className="lf-button" onClick={() => line.current?.focus()}><Icon name="Plus" /> Add a task</button>
    </Empty>
  );
}

export function MyDay() {
  const { day, open, done, error, load, more } = useDay();
  const [edited, setEdited] = useState(null);
  const me = useMe();
  const now = useNow();
  const [line, list] = [useRef(null), useRef(null)];
  const leave = useFocus(list);
  const canWrite = may(me, "leads.write");
  const tasks = open?.items ?? [];
  useKeys(list, { tasks: [...tasks, ...done], edit: setEdited, canWrite });
  useEffect(() => { if (day && now >= day.ends) load(); }, [day, now, load]);
  if (error && !open) return <Failed what="Your tasks could not be loaded." error={error} retry={load} />;
  if (!open || !me) return <div className="lf-day" aria-busy="true"><Skeleton shape="entry" count={6} /></div>;
  const parts = PARTS.map(([name, heading]) => [name, heading, tasks.filter((task) => partOf(task, day, now) === name)]);
  const row = (task) => <TaskRow key={task.id} task={task} now={now} canWrite={canWrite} onEdit={setEdited} onLeave={leave} />;
  return (
    <div className="lf-day">
      {canWrite && <TaskLine input={line} shortcut="n" />}
      <div ref={list} className="lf-day__parts">
        {parts.map(([name, heading, own]) => <Part key={name} name={name} heading={heading} tasks={own} count={open.isMore ? Math.max(day[name], own.length) : own.length}>{own.map(row)}</Part>)}
        {open.isMore && <button type="button" className="lf-button" onClick={more}>Show more</button>}
        {!tasks.length && <Nothing canWrite={canWrite} line={line} hasDone={done.length > 0} />}
        <Part name="done" heading="Done today" tasks={done} count={day.done_today}>{done.map(row)}</Part>
      </div>
      <TaskDialog task={edited} onClose={() => setEdited(null)} />
    </div>
  );
}
