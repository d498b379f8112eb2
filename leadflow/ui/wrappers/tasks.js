// My tasks: what can be done with one, and when to ask for them again. The feed says when they have changed.
import { News, useNews } from "./news.js";
import { rest } from "./rest.js";
import { failed, toast } from "./toasts.jsx";

const news = new News("tasks");

// A number that grows whenever my tasks may have changed.
export const useTaskNews = () => useNews(news);

export const hereZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

async function told(attempt, otherwise) {
  try {
    const answer = await attempt();
    news.tell();
    return answer;
  } catch (error) {
    failed(otherwise, error);
    news.tell();
    return null;
  }
}

const step = (task, name, body) => rest("POST", `/tasks/${task.id}/${name}`, body);
const quoted = (task) => `“${task.title.length > 40 ? `${task.title.slice(0, 39)}…` : task.title}”`;

export async function completeTask(task) {
  const done = await told(() => step(task, "complete"), "The task could not be checked off.");
  if (done) toast(`Done: ${quoted(task)}`, { undo: () => reopenTask(task) });
  return done;
}

export const reopenTask = (task) => told(() => step(task, "reopen"), "The task could not be reopened.");

export async function deleteTask(task) {
  const gone = await told(() => rest("DELETE", `/tasks/${task.id}`).then(() => true), "The task could not be deleted.");
  if (gone) toast(`Deleted: ${quoted(task)}`, { undo: () => told(() => step(task, "restore"), "The task could not be restored.") });
  return gone;
}

export async function snoozeTask(task, minutes = 60) {
  const later = await told(() => step(task, "snooze", { minutes }), "The reminder could not be put off.");
  if (later) toast(`You will be reminded in ${minutes === 60 ? "an hour" : `${minutes} minutes`}.`);
  return later;
}

export const noticeTask = (task) => told(() => step(task, "seen"), "The reminder could not be dismissed.");

const iso = (at) => (at === null || at === undefined ? null : new Date(at).toISOString());

// Of what is understood of a line, the task; throws what the server refuses.
export async function addTask(task) {
  const made = await rest("POST", "/tasks", { ...task, due_at: iso(task.due_at), remind_at: iso(task.remind_at) });
  news.tell();
  return made;
}

export async function saveTask(task, change) {
  const body = { ...change, version: task.version };
  for (const name of ["due_at", "remind_at"]) if (name in change) body[name] = iso(change[name]);
  const saved = await rest("PATCH", `/tasks/${task.id}`, body);
  news.tell();
  return saved;
}
