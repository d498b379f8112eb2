// Scoring rules while they are edited: numbers as they were typed, rows with keys of their own.
let next = 0;
const keyed = (row) => ({ key: (next += 1), ...row });

const typed = (rule) => Object.fromEntries(Object.entries(rule).map(([name, value]) => [name, typeof value === "number" ? String(value) : value]));

// What is no number goes as it was written, for the server to name the way out.
export function asNumber(text) {
  const plain = String(text ?? "").trim().replace(",", ".");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : text === "" ? null : text;
}

const NUMBERS = ["points", "limit", "half_life_days"];
function said({ key, ...rule }) {
  for (const name of NUMBERS) if (name in rule) rule[name] = asNumber(rule[name]);
  return { ...rule, label: rule.label.trim() };
}

export function draftOf({ fit, engagement, other_behaviour: other, limits, thresholds, ...plain }) {
  return { fit: fit.map((rule) => keyed(typed(rule))), engagement: engagement.map((rule) => keyed(typed(rule))), other: other && keyed(typed(other)), limits: typed(limits), thresholds: typed(thresholds), plain: typed(plain) };
}

const numbers = (texts) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, asNumber(text)]));

export function configOf({ fit, engagement, other, limits, thresholds, plain }) {
  const limited = Object.entries(limits).filter(([, text]) => text.trim() !== "");
  return { ...numbers(plain), fit: fit.map(said), engagement: engagement.map(said), other_behaviour: other && said(other), limits: numbers(Object.fromEntries(limited)), thresholds: numbers(thresholds) };
}

// A draft that was kept over a reload: its rows are keyed anew, so that no two share a key.
export function rekeyed(draft) {
  const again = ({ key, ...row }) => keyed(row);
  return { ...draft, fit: draft.fit.map(again), engagement: draft.engagement.map(again), other: draft.other && again(draft.other) };
}

export const newFit = () => keyed({ attribute: "source", values: [], points: "5", label: "", group: "profile" });
export const newEngagement = () => keyed({ behaviour: "", points: "5", limit: "10", half_life_days: "7", label: "", group: "engagement" });
export const newOther = () => keyed({ behaviour: "*", points: "3", limit: "9", half_life_days: "7", label: "Did something else", group: "engagement" });

const sorted = (value) => (Array.isArray(value) ? value.map(sorted) : value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])])) : value);
export const isSame = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

// The groups whose rules share a limit, the usual one first.
export function groupsOf(rules, usual) {
  return [...new Set([usual, ...rules.map((rule) => rule.group)])];
}

// The first problem of a field of the config, or of anything inside it.
export function problemAt(errors, path) {
  const field = `config.${path}`;
  return errors.find((each) => each.field === field || each.field?.startsWith(`${field}.`))?.message ?? "";
}
