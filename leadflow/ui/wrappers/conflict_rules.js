// What a 409 asks, as rows of three values, and the request that follows from the answers.
import { FIELDS, columnsOf } from "./edit_rules.js";

// Columns that belong together are one question: [{field, columns, before, theirs, mine, by, at}].
export function questions(conflicts) {
  const of = (column) => conflicts.find((each) => each.field === column);
  const asked = Object.keys(FIELDS).map((field) => ({ field, columns: columnsOf(field).filter(of) }));
  return asked.filter(({ columns }) => columns.length).map(({ field, columns }) => {
    const side = (name) => Object.fromEntries(columns.map((column) => [column, of(column)[name]]));
    const known = columns.map(of).filter((each) => each.by).sort((a, b) => b.at - a.at)[0];
    return { field, columns, before: side("before"), theirs: side("theirs"), mine: side("mine"), by: known?.by ?? "", at: known?.at ?? null };
  });
}

// `choices`: by field, one of "before", "theirs" and "mine", or the values that somebody wrote instead. What is theirs
// needs no sending; everything else is sent with theirs as seen.
export function resolved({ change, seen }, conflicts, choices) {
  const next = { change: { ...change }, seen: { ...seen } };
  for (const question of questions(conflicts)) {
    const choice = choices[question.field];
    const values = typeof choice === "string" ? question[choice] : choice;
    for (const column of question.columns) {
      if (choice === "theirs") {
        delete next.change[column];
        delete next.seen[column];
      } else {
        next.change[column] = values[column];
        next.seen[column] = question.theirs[column];
      }
    }
  }
  return next;
}

export const unanswered = (conflicts, choices) => questions(conflicts).map(({ field }) => field).filter((field) => !choices[field]);
