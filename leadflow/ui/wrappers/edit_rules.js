// Fields of a lead as somebody writes them: what stands in the input, what it means, and what is sent.
import { money, toMajor, toMinor, words } from "./format.js";

export const FIELDS = {
  name: { label: "Name" },
  company: { label: "Company" },
  title: { label: "Title" },
  email: { label: "Email", type: "email" },
  phone: { label: "Phone", type: "tel" },
  country: { label: "Country" },
  source: { label: "Source" },
  value: { label: "Value", isMoney: true },
  stage: { label: "Stage", isChoice: true },
  owner: { label: "Owner", isChoice: true },
};

// The columns that a field is made of: an amount means nothing without its currency.
export const columnsOf = (field) => (field === "value" ? ["value", "currency"] : [field]);
export const pick = (lead, columns) => Object.fromEntries(columns.map((column) => [column, lead[column] ?? null]));

// What somebody sees of a field, which is what a change of it is sent with.
export const seenOf = (field, lead) => pick(lead, columnsOf(field));

export function textOf(field, values) {
  if (FIELDS[field].isMoney) return values.value ? String(toMajor(values.value, values.currency)) : "";
  return values[field] ?? "";
}

// A number as people write it: "1,500", "1.500,50", "1 500". Null when it is none.
const GROUPED = /^[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d*)?$/;
const PLAIN = /^\d+(?:[.,]\d*)?$/;
export function amount(text) {
  const plain = text.replace(/[\s'’\u00a0\u202f]/g, "").replace(/^[^\d.,-]+|[^\d.,]+$/g, "");
  const [, group] = GROUPED.exec(plain) ?? [];
  if (!group && !PLAIN.test(plain)) return null;
  return Number((group ? plain.replaceAll(group, "") : plain).replace(",", "."));
}

// {values} to send, or the {problem} in words.
export function read(field, text, currency) {
  const plain = String(text).trim();
  if (FIELDS[field].isMoney) {
    const major = plain === "" ? 0 : amount(plain);
    if (major === null) return { problem: "Write a number, such as 1500." };
    return { values: { value: toMinor(String(major), currency), currency: currency ?? null } };
  }
  if (field === "country" && plain && !/^[A-Za-z]{2}$/.test(plain)) return { problem: "Use a two-letter country code such as DE." };
  return { values: { [field]: plain || null } };
}

const bare = (value) => value || null;
export const isSame = (one, other) => Object.keys(one).every((column) => bare(one[column]) === bare(other[column]));

// A value in words; "" where there is nothing. `names`: Maps of people and stages, for those who have them.
export function shown(field, values, names) {
  if (FIELDS[field]?.isMoney) return values.value ? money(values.value, values.currency) : "";
  const value = values[field];
  if (field === "owner") return value ? names.people.get(value)?.name ?? "Somebody" : "No owner";
  if (field === "stage") return names.stages.get(value) ?? value ?? "";
  return field === "source" ? words(value) : value ?? "";
}

// One request for everything that waits for the same lead.
export const together = (entries) => entries.reduce((all, { change, seen }) => ({ change: { ...all.change, ...change }, seen: { ...all.seen, ...seen } }), { change: {}, seen: {} });
