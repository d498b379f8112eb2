// Conditions as a list that people can read and change, and as the API takes them.
export const FIELDS = [
  ["country", "Country"], ["custom.region", "Region"], ["custom.postcode", "Postcode"], ["custom.employees", "Employees"],
  ["company", "Company"], ["domain", "E-mail domain"], ["source", "Source"],
];
export const OPERATORS = ["is", "is not", "one of", "contains", "starts with", "at least", "at most", "is empty"];
const NUMERIC = new Set(["at least", "at most"]);

export const fieldName = (key) => FIELDS.find(([known]) => known === key)?.[1] ?? key.replace(/^custom\./, "");
export const takesValue = (operator) => operator !== "is empty";

const rowOf = ({ field, operator, value }) => ({ field, operator, value: Array.isArray(value) ? value.join(", ") : String(value ?? "") });

// {mode, rows}; null when they are nested, which a list cannot show.
export function listOf(conditions) {
  if (!conditions) return { mode: "all", rows: [] };
  if (conditions.field) return { mode: "all", rows: [rowOf(conditions)] };
  const mode = conditions.any ? "any" : "all";
  const parts = conditions[mode] ?? [];
  return parts.every((part) => part.field) ? { mode, rows: parts.map(rowOf) } : null;
}

function valueOf(operator, text) {
  if (operator === "one of") return text.split(",").map((part) => part.trim()).filter(Boolean);
  return NUMERIC.has(operator) && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text.trim();
}

export function conditionsOf({ mode, rows }) {
  if (rows.length === 0) return null;
  return { [mode]: rows.map(({ field, operator, value }) => (takesValue(operator) ? { field, operator, value: valueOf(operator, value) } : { field, operator })) };
}

// What is missing in a row, in words; empty when nothing is.
export function problemOf({ operator, value }) {
  if (!takesValue(operator)) return "";
  if (!value.split(",").some((part) => part.trim())) return "Say what to compare with.";
  return NUMERIC.has(operator) && !Number.isFinite(Number(value)) ? "Use a number." : "";
}

export function inWords(conditions) {
  const list = listOf(conditions);
  if (!list) return "Conditions within conditions";
  const said = list.rows.map(({ field, operator, value }) => [fieldName(field), operator, takesValue(operator) ? value : ""].filter(Boolean).join(" "));
  return said.join(list.mode === "all" ? " and " : " or ");
}
