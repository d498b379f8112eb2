// One task in a list: its box to check off, what it is, whom it is about and when it is due.
import { Link } from "react-router";
import { Avatar, Icon, clockTime, completeTask, deleteTask, exactTime, reopenTask } from "./kit.js";
import { dueWords } from "./task_words.js";
import "./tasks.css";

export const KINDS = [["todo", "To-do", "Tasks"], ["call", "Call", "Phone"], ["email", "Email", "Mail"], ["meeting", "Meeting", "Calendar"]];
// What is not of a kind needs no sign.
const iconOf = (kind) => (kind === "todo" ? null : KINDS.find(([key]) => key === kind)?.[2]);
const wordOf = (kind) => KINDS.find(([key]) => key === kind)?.[1] ?? "To-do";

function Due({ task, now }) {
  if (task.done_at) return <span className="lf-task__due lf-muted lf-number" title={exactTime(task.done_at)}>{clockTime(task.done_at)}</span>;
  if (task.due_at === null) return null;
  const isLate = task.due_at < now;
  return (
    <span className={`lf-task__due lf-number ${isLate ? "is-late" : "lf-muted"}`} title={task.all_day ? undefined : exactTime(task.due_at)}>
      {isLate && <span className="lf-visually-hidden">overdue, </span>}{dueWords(task, now)}
    </span>
  );
}

const nameOf = (task) => task.lead_name || task.lead_company || "A lead";

export function TaskRow({ task, now, canWrite, showsLead = true, me, onEdit, onLeave }) {
  const isDone = Boolean(task.done_at);
  const check = async () => {
    const after = onLeave?.();
    if (await (isDone ? reopenTask(task) : completeTask(task))) after?.();
  };
  return (
    <li className={`lf-task ${isDone ? "is-done" : ""}`} data-task={task.id}>
      <button type="button" role="checkbox" className="lf-task__box" aria-checked={isDone} aria-label={`${task.title}${isDone ? ", done" : ""}`} disabled={!canWrite} onClick={check}>
        <span aria-hidden="true">{isDone && <Icon name="Check" size={12} />}</span>
      </button>
      <span className="lf-task__kind lf-muted" title={wordOf(task.kind)}>{iconOf(task.kind) && <Icon name={iconOf(task.kind)} size={14} />}</span>
      <div className="lf-task__what">
        {canWrite
          ? <button type="button" className="lf-task__title lf-clip" title={task.title} onClick={() => onEdit(task)}><bdi>{task.title}</bdi></button>
          : <span className="lf-task__title lf-clip" title={task.title}><bdi>{task.title}</bdi></span>}
        {showsLead && task.lead && <Link className="lf-task__lead lf-clip" to={`/leads/${task.lead}`} title={nameOf(task)}><bdi>{nameOf(task)}</bdi></Link>}
      </div>
      <span className="lf-task__marks">
        {task.note && <Icon name="Note" size={14} className="lf-muted" />}
        {task.reminder === "waiting" && <span className="lf-muted" title={`Reminds at ${exactTime(task.remind_at)}`}><Icon name="Bell" size={14} /><span className="lf-visually-hidden">Reminds at {exactTime(task.remind_at)}</span></span>}
        {me && task.assignee !== me && <Avatar person={{ id: task.assignee, name: task.assignee_name }} size={18} />}
        <Due task={task} now={now} />
      </span>
      {canWrite && (
        <button type="button" className="lf-task__delete" aria-label={`Delete ${task.title}`} onClick={async () => { const after = onLeave?.(); if (await deleteTask(task)) after?.(); }}><Icon name="Trash" size={14} /></button>
      )}
    </li>
  );
}
