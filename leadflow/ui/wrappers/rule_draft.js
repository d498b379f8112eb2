// A rule while it is edited: conditions as rows, one level of groups; what is deeper is kept as it is.
import { toMajor, toMinor } from "./format.js";
import { fieldOf } from "./rule_words.js";

const MONEY = "EUR";
let next = 0;
const keyed = (row) => ({ key: (next += 1), ...row });
const NEW_LEAF = { field: "source", operator: "is", value: "" };
export const newLeaf = () => keyed(NEW_LEAF);
export const newGroup = (match) => keyed({ match, rows: [newLeaf()] });

const isNumeric = ({ field, operator }) => ["money", "number"].includes(fieldOf(field).kind) || operator === "at least" || operator === "at most";

function typed(condition) {
  const one = (value) => (fieldOf(condition.field).kind === "money" && typeof value === "number" ? String(toMajor(value, MONEY)) : String(value ?? ""));
  return Array.isArray(condition.value) ? condition.value.map(one) : one(condition.value);
}

function rowOf(condition, isInside = false) {
  if (condition.field) return keyed({ field: condition.field, operator: condition.operator, value: typed(condition) });
  const match = condition.all ? "all" : "any";
  const isFlat = condition[match].every((each) => each.field);
  return isInside || !isFlat ? keyed({ kept: condition }) : keyed({ match, rows: condition[match].map((each) => rowOf(each, true)) });
}

function rowsOf(conditions) {
  if (!conditions) return { match: "", rows: [] };
  if (conditions.field) return { match: "all", rows: [rowOf(conditions)] };
  const match = conditions.all ? "all" : "any";
  return { match, rows: conditions[match].map((each) => rowOf(each)) };
}

export const NEW_RULE = { name: "", is_on: true, conditions: null, pool: { people: [], teams: [], everybody: true }, strategy: "round_robin", options: {} };

export function draftOf({ id, position, conditions, ...said }) {
  return { ...said, ...rowsOf(conditions) };
}

// What was written, as a number where one is meant; what is none goes as it is, for the server to name the way out.
function said(row) {
  const one = (text) => {
    const plain = text.trim().replace(/(?<=\d)[, ](?=\d{3}\b)/g, "");
    if (!isNumeric(row) || plain === "" || !Number.isFinite(Number(plain))) return text.trim();
    return fieldOf(row.field).kind === "money" ? toMinor(plain, MONEY) : Number(plain);
  };
  return Array.isArray(row.value) ? row.value.map(one) : one(row.value);
}

function conditionOf(row) {
  if (row.kept) return row.kept;
  if (row.rows) return { [row.match]: row.rows.map(conditionOf) };
  const { operator } = row;
  const field = row.field.trim();
  if (operator === "is empty" || row.value === "") return { field, operator };
  return { field, operator, value: said(row) };
}

export function ruleOf({ match, rows, ...draft }) {
  return { ...draft, name: draft.name.trim(), conditions: match ? { [match]: rows.map(conditionOf) } : null };
}

// A row that asks something else keeps what still fits.
export function changed(row, part) {
  const now = { ...row, ...part };
  const wasList = Array.isArray(row.value);
  if (now.operator === "one of" && !wasList) return { ...now, value: row.value ? [row.value] : [] };
  if (now.operator !== "one of" && wasList) return { ...now, value: row.value[0] ?? "" };
  return now;
}

// The first problem of a field, or of anything inside it.
export function problemAt(errors, path) {
  return errors.find((each) => each.field === path || each.field?.startsWith(`${path}.`))?.message ?? "";
}

// A trial answers for the rules that are on; this gives each of `rules` its part.
export function sharesOf(rules, trial) {
  const shares = new Map();
  let at = 0;
  for (const rule of rules) if (rule.is_on) shares.set(rule, trial?.rules[at++]);
  return shares;
}

// A draft that was kept over a reload: its rows are keyed anew, so that no two share a key.
export function rekeyed(draft) {
  const again = ({ key, ...row }) => keyed(row.rows ? { ...row, rows: row.rows.map(again) } : row);
  return { ...draft, rows: draft.rows.map(again) };
}
