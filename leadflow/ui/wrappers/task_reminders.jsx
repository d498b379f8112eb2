// What I am being reminded of, on whatever page I am: it waits at the side until I answer it, once for all my screens.
import { useEffect, useState } from "react";
import { Link, useNavigate } from "react-router";
import { Icon, completeTask, noticeTask, plural, rest, snoozeTask, useNow, useTaskNews } from "./kit.js";
import { dueInSentence } from "./task_words.js";
import "./tasks.css";

const SHOWN = 3;

function useReminders() {
  const [items, setItems] = useState([]);
  const beat = useTaskNews();
  useEffect(() => {
    let wanted = true;
    rest("GET", "/tasks/reminders").then((answer) => wanted && setItems(answer.items), () => {});
    return () => { wanted = false; };
  }, [beat]);
  return [items, (task) => setItems((before) => before.filter((each) => each.id !== task.id))];
}

function Reminder({ task, now, answer }) {
  const navigate = useNavigate();
  const name = task.lead_name || task.lead_company;
  const open = () => { answer(noticeTask); navigate(task.lead ? `/leads/${task.lead}` : "/day"); };
  return (
    <li className="lf-reminder">
      <Icon name="Bell" size={16} className="lf-reminder__icon" />
      <div className="lf-reminder__what">
        <p className="lf-reminder__title"><bdi>{task.title}</bdi></p>
        <p className="lf-muted lf-clip">{[name, task.due_at !== null && `due ${dueInSentence(task, now)}`].filter(Boolean).join(" · ") || "Reminder"}</p>
      </div>
      <button type="button" className="lf-reminder__close" aria-label={`Dismiss the reminder: ${task.title}`} onClick={() => answer(noticeTask)}><Icon name="X" size={14} /></button>
      <div className="lf-reminder__does">
        <button type="button" className="lf-button lf-button--primary lf-button--small" onClick={open}>Open</button>
        <button type="button" className="lf-button lf-button--small" onClick={() => answer(snoozeTask)}>Snooze 1 h</button>
        <button type="button" className="lf-button lf-button--quiet lf-button--small" onClick={() => answer(completeTask)}>Done</button>
      </div>
    </li>
  );
}

export function TaskReminders() {
  const [items, forget] = useReminders();
  const now = useNow();
  return (
    <div className="lf-reminders" role="status" aria-live="polite" aria-label="Reminders">
      {items.length > 0 && (
        <ul>{items.slice(0, SHOWN).map((task) => <Reminder key={task.id} task={task} now={now} answer={(how) => { forget(task); how(task); }} />)}</ul>
      )}
      {items.length > SHOWN && <Link className="lf-reminders__more" to="/day">{plural(items.length - SHOWN, "more reminder")}</Link>}
    </div>
  );
}
