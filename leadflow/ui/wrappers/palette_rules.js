// Which commands fit what is typed, and which key presses what. Pure.

export const simple = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => simple(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

// Every word typed begins a word of the command. What changes a lead by a name alone would be run by whoever looks for
// that name: a command with `verbs` wants one of them first.
// One that `isAskedFor` is not offered before something is typed: there may be many of its kind.
export function fits({ label, aliases = [], verbs, isAskedFor }, typed) {
  if (typed.length === 0) return !verbs && !isAskedFor;
  const its = wordsOf([label, ...aliases].join(" "));
  const begun = (word, words) => words.some((each) => each.startsWith(word));
  return typed.every((word) => begun(word, its)) && (!verbs || begun(typed[0], verbs));
}

// Those that fit, first the ones that begin as it was typed; the others stay in their order.
export function matching(commands, text) {
  const typed = wordsOf(text);
  const fitting = commands.filter((each) => fits(each, typed));
  const begins = (each) => simple(each.label).startsWith(typed[0] ?? "");
  return [...fitting.filter(begins), ...fitting.filter((each) => !begins(each))];
}

// The first of each name: what stands on a page twice is offered once.
export function distinct(commands) {
  const seen = new Set();
  return commands.filter(({ label }) => !seen.has(label) && seen.add(label));
}

export const PAUSE_MS = 1_000;

// What a key does to the keys pressed before it: `pressed` is the sequence that is complete, `waiting` one that has begun.
export function follow(waiting, key, known) {
  for (const sequence of waiting ? [`${waiting} ${key}`, key] : [key]) {
    if (known.includes(sequence)) return { pressed: sequence, waiting: "" };
    if (known.some((each) => each.startsWith(`${sequence} `))) return { pressed: null, waiting: sequence };
  }
  return { pressed: null, waiting: "" };
}
