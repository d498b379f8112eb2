// A change of a lead on its way: sent with what was seen, asked about when somebody else was first, and kept here while
// the server cannot be reached.
import { useSyncExternalStore } from "react";
import { FIELDS, isSame, textOf, together } from "./edit_rules.js";
import { resolved } from "./conflict_rules.js";
import { rest } from "./rest.js";
import { failed, toast } from "./toasts.jsx";
import { drop, dropThis, keep, unsaved, waiting } from "./unsaved.js";

const AWAY = [0, 502, 503, 504];
const AGAIN_MS = 4_000;
export const NOT_SAVED = "Not saved yet. Waiting for the connection";
export const isAway = (error) => AWAY.includes(error.status);

// --- questions that a person answers: the dialog shows the first

let asked = [];
const listeners = new Set();
const setAsked = (next) => { asked = next; listeners.forEach((listener) => listener()); };
const ask = (question) => new Promise((answer) => setAsked([...asked, { ...question, answer }]));
export const useQuestion = () => useSyncExternalStore((listener) => (listeners.add(listener), () => listeners.delete(listener)), () => asked[0]);

// `choices` as conflict_rules.js has them; null: neither, back to where it was written.
export function answer(question, choices) {
  setAsked(asked.filter((each) => each !== question));
  question.answer(choices);
}

// {lead} as it is now and whether anything was {written}, or {cancelled, current} when somebody chose to go on writing. Throws what is refused.
export async function send(id, name, request) {
  let next = request;
  for (;;) {
    try {
      return { lead: (await rest("PATCH", `/leads/${id}`, { ...next.change, seen: next.seen })).lead, written: true };
    } catch (error) {
      const { conflicts, current } = error.problem ?? {};
      if (!conflicts?.length) throw Object.assign(error, { change: next.change });
      const choices = await ask({ id, name, conflicts });
      if (!choices) return { cancelled: true, current };
      next = resolved(next, conflicts, choices);
      if (Object.keys(next.change).length === 0) return { lead: { id, ...current } };
    }
  }
}

// Saves one field. `values` are those of its columns, `seen` what the editor showed before. Answers as `send` does, or
// {waiting}; what is not saved stays in the browser, with what was seen.
export async function saveField({ id, name, field, values, seen, text = textOf(field, values) }) {
  const before = unsaved(id, field);
  const entry = { lead: id, name, field, text, change: values, seen: before?.state === "waiting" ? before.seen : seen, state: "draft", problem: null };
  if (isSame(values, entry.seen)) return drop(id, field), { same: true };
  const isWritten = !FIELDS[field].isChoice;
  if (isWritten) keep(entry);
  try {
    const result = await send(id, name, entry);
    if (isWritten && !result.cancelled) dropThis(entry);
    else if (!isWritten) drop(id, field);
    return result;
  } catch (error) {
    if (isAway(error)) return keep({ ...entry, state: "waiting" }), { waiting: true };
    if (isWritten) keep({ ...entry, text: textOf(field, { ...values, ...error.change }), state: "refused", problem: problemOf(error, field) });
    else drop(id, field);
    throw error;
  }
}

export const problemOf = (error, field) => error.errors?.find((each) => each.field === field)?.message ?? error.errors?.[0]?.message ?? error.message;

// --- what waits, when the connection is back

const settledListeners = new Set();
// Told of every lead of which something that waited is saved, or given up: (id, lead or undefined, columns).
export const onSettled = (listener) => (settledListeners.add(listener), () => settledListeners.delete(listener));
const settle = (id, lead, entries) => settledListeners.forEach((listener) => listener(id, lead, entries.flatMap((entry) => Object.keys(entry.change ?? {}))));

const label = (entry) => FIELDS[entry.field]?.label ?? "Note";
const sentence = (entries) => `${entries.map(label).join(", ")} of ${entries[0].name}`;

function giveUp(entry, problem, state) {
  if (FIELDS[entry.field]?.isChoice) drop(entry.lead, entry.field);
  else keep({ ...entry, state, problem });
}

async function sendEntries(entries) {
  const [{ lead: id, name }] = entries;
  try {
    const result = await send(id, name, together(entries));
    if (result.cancelled) entries.forEach((entry) => giveUp(entry, "Somebody else has changed this meanwhile. Save again to choose.", "draft"));
    else {
      entries.forEach(dropThis);
      toast(`Saved what was waiting: ${sentence(entries)}.`);
    }
    settle(id, result.lead ?? result.current, entries);
  } catch (error) {
    if (isAway(error)) throw error;
    if (entries.length > 1) for (const entry of entries) await sendEntries([entry]);
    else {
      giveUp(entries[0], problemOf(error, entries[0].field), "refused");
      settle(id, undefined, entries);
      failed(`${sentence(entries)} was not saved.`, error);
    }
  }
}

// The key makes it one note, however often it is sent.
async function sendNote(entry) {
  try {
    await rest("POST", `/leads/${entry.lead}/activities`, entry.body, { key: entry.key });
    dropThis(entry);
    toast(`Saved what was waiting: what you wrote on ${entry.name}.`);
    settle(entry.lead, undefined, []);
  } catch (error) {
    if (isAway(error)) throw error;
    keep({ ...entry, state: "refused", problem: problemOf(error) });
    failed(`What you wrote on ${entry.name} was not saved.`, error);
  }
}

let running = false;
let timer = null;
export async function flush() {
  if (running || waiting().length === 0) return;
  running = true;
  clearTimeout(timer);
  try {
    await alone(async () => {
      const leads = Map.groupBy(waiting().filter((entry) => entry.change), (entry) => entry.lead);
      for (const entries of leads.values()) await sendEntries(entries);
      for (const entry of waiting().filter((each) => each.body)) await sendNote(entry);
    });
  } catch (error) {
    if (!isAway(error)) throw error;
    timer = setTimeout(flush, AGAIN_MS);
  } finally {
    running = false;
  }
}

// Of several windows of one browser, one sends.
const alone = (work) => (navigator.locks ? navigator.locks.request("lf.unsaved", work) : work());
