// A condition as a sentence: pure.
import { money, number } from "./format.js";
import { operatorOf } from "./filter_draft.js";

const MOVING = /^(last|next)_(\d+)_(day|week|month)s$/;
const NAMED = { today: "today", yesterday: "yesterday", tomorrow: "tomorrow", this_week: "this week", this_month: "this month", this_quarter: "this quarter", this_year: "this year" };
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const NAMED_VALUES = { owner: { me: "me", none: "nobody" }, team: { mine: "my team", none: "no team" } };
const SHOWN = 2;

const isText = (value) => typeof value === "string";
const isPair = (is) => (value) => Array.isArray(value) && value.length === 2 && value.every(is);
const FITS = {
  nothing: (value) => value === undefined, text: isText, choices: (value) => Array.isArray(value) && value.length > 0 && value.every(isText), number: Number.isFinite,
  numbers: isPair(Number.isFinite), day: isText, days: isPair(isText), period: isText, count: Number.isFinite,
};

const dayWords = (day) => (Number.isNaN(Date.parse(day)) ? String(day) : date.format(Date.parse(day)));

function periodWords(label, period) {
  if (NAMED[period]) return NAMED[period];
  const [, way, many, unit] = MOVING.exec(period) ?? [];
  if (!way) return String(period);
  const length = many === "1" ? `${way} ${unit}` : `${way} ${many} ${unit}s`;
  return / in$/.test(label) ? `the ${length}` : `in the ${length}`;
}

const nameOf = (field, value) => NAMED_VALUES[field.key]?.[value] ?? field.choices?.find((each) => each.value === value)?.label ?? (field.kind === "person" || field.kind === "team" ? "somebody unknown" : value);

function either(field, values) {
  const names = values.map((value) => nameOf(field, value));
  if (names.length === 1) return names[0];
  if (names.length > SHOWN + 1) return `${names.slice(0, SHOWN).join(", ")} or ${names.length - SHOWN} more`;
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

const amount = (field, value, currency) => (field.kind === "money" ? money(value, currency) : number(value));

function valueWords(field, { op, value }, currency) {
  const { label, takes } = operatorOf(field, op);
  switch (takes) {
    case "text": return `${label} “${value}”`;
    case "choices": return `${label} ${either(field, value)}`;
    case "number": return `${label} ${amount(field, value, currency)}`;
    case "numbers": return `${label} ${amount(field, value[0], currency)} and ${amount(field, value[1], currency)}`;
    case "day": return `${label} ${dayWords(value)}`;
    case "days": return `${label} ${dayWords(value[0])} and ${dayWords(value[1])}`;
    case "period": return periodWords(field.label, value);
    case "count": return label.replace("…", value);
    default: return label;
  }
}

// What a chip says: a field and the rest; null where this person, or this version, knows no such condition.
export function sentence(fields, condition, currency) {
  const field = fields.find((each) => each.key === condition.field);
  const takes = field && operatorOf(field, condition.op)?.takes;
  return takes && FITS[takes](condition.value) ? { label: field.label, words: valueWords(field, condition, currency) } : null;
}
