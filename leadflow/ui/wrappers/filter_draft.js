// A condition while it is edited: what the inputs hold, and what they come to. Pure.
import { toMajor, toMinor } from "./format.js";

const MOVING = /^(last|next)_(\d+)_(day|week|month)s$/;
export const PERIODS = [
  ["today", "Today"], ["yesterday", "Yesterday"], ["tomorrow", "Tomorrow"], ["this_week", "This week"], ["this_month", "This month"], ["this_quarter", "This quarter"], ["this_year", "This year"],
  ["last", "In the last …"], ["next", "In the next …"],
];
const FIRST_PERIOD = { closed_at: "this_month", touch_due_at: "today" };
const BLANK = { text: "", chosen: [], least: "", most: "", day: "", until: "", period: "last", many: "7", unit: "day" };

export const operatorOf = (field, op) => field.operators.find((each) => each.key === op);
export const takesOf = (field, op) => operatorOf(field, op)?.takes;

export function blankDraft(field) {
  return { ...BLANK, op: field.operators[0].key, period: FIRST_PERIOD[field.key] ?? "last" };
}

const majors = (value, field, currency) => (field.kind === "money" ? String(toMajor(value, currency)) : String(value));

export function draftOf(field, { op, value }, currency) {
  const draft = { ...blankDraft(field), op };
  const moving = MOVING.exec(value);
  switch (takesOf(field, op)) {
    case "text": return { ...draft, text: value };
    case "choices": return { ...draft, chosen: value, text: field.choices ? "" : value.join(", ") };
    case "number": return { ...draft, least: majors(value, field, currency) };
    case "numbers": return { ...draft, least: majors(value[0], field, currency), most: majors(value[1], field, currency) };
    case "day": return { ...draft, day: value };
    case "days": return { ...draft, day: value[0], until: value[1] };
    case "period": return moving ? { ...draft, period: moving[1], many: moving[2], unit: moving[3] } : { ...draft, period: value };
    case "count": return { ...draft, many: String(value) };
    default: return draft;
  }
}

function numberOf(text, field, currency) {
  const typed = String(text).trim();
  if (typed === "" || !Number.isFinite(Number(typed))) return null;
  return field.kind === "money" ? toMinor(typed, currency) : Number.isInteger(Number(typed)) ? Number(typed) : null;
}

const countOf = (text) => (/^\d{1,4}$/.test(String(text).trim()) && Number(text) > 0 ? Number(text) : null);

const READ = {
  nothing: () => undefined,
  text: ({ text }) => text.trim() || null,
  choices: ({ chosen, text }, field) => {
    const values = field.choices ? chosen : [...new Set(text.split(/[\s,;]+/).map((each) => each.trim().toUpperCase()).filter(Boolean))];
    return values.length ? values : null;
  },
  number: ({ least }, field, currency) => numberOf(least, field, currency),
  numbers: ({ least, most }, field, currency) => {
    const [from, to] = [numberOf(least, field, currency), numberOf(most, field, currency)];
    return from === null || to === null ? null : from <= to ? [from, to] : [to, from];
  },
  day: ({ day }) => day || null,
  days: ({ day, until }) => (day && until ? [day, until].sort() : null),
  period: ({ period, many, unit }) => {
    if (period !== "last" && period !== "next") return period;
    return countOf(many) === null ? null : `${period}_${countOf(many)}_${unit}s`;
  },
  count: ({ many }) => countOf(many),
};
const MISSING = {
  text: "Type what to look for.", choices: "Choose at least one.", number: "Type a number.", numbers: "Type two numbers.", day: "Choose a day.", days: "Choose two days.", period: "Type a number from 1 to 9999.", count: "Type a number of days.",
};

// The condition, or what is missing.
export function conditionOf(field, draft, currency) {
  const takes = takesOf(field, draft.op);
  const value = READ[takes](draft, field, currency);
  if (value === null) return { problem: takes === "number" && field.kind === "number" ? "Type a whole number." : MISSING[takes] };
  return { condition: { field: field.key, op: draft.op, ...(value === undefined ? {} : { value }) } };
}
