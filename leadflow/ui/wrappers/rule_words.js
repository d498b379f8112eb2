// Rules of assignment, and how they decided, as people say them.
import { number, plural, toMajor, words } from "./format.js";

const OWN = "custom.";
const MONEY = "EUR";
const NAMED = 4;
const TEXT = ["is", "is not", "one of", "contains", "starts with", "is empty"];
const NUMBERS = ["at least", "at most", "is", "is not", "is empty"];
export const KINDS = {
  text: TEXT, source: TEXT, number: NUMBERS, money: NUMBERS, band: ["is", "is not", "one of"],
  own: [...TEXT.slice(0, -1), "at least", "at most", "is empty"],
};
export const FIELDS = [
  { key: "source", label: "Source", kind: "source" }, { key: "country", label: "Country", kind: "text" }, { key: "company", label: "Company", kind: "text" },
  { key: "domain", label: "Domain", kind: "text" }, { key: "title", label: "Job title", kind: "text" }, { key: "value", label: "Value", kind: "money" },
  { key: "territory", label: "Territory", kind: "text" }, { key: "score", label: "Score", kind: "number" }, { key: "band", label: "Temperature", kind: "band" },
];
export const BANDS = ["hot", "warm", "cold"];
export const fieldOf = (key) => FIELDS.find((field) => field.key === key) ?? { key, label: words(key.slice(OWN.length)), kind: "own" };
export const isOwn = (key) => key.startsWith(OWN);
export const ownField = (name) => OWN + name;
export const operatorWords = (operator) => (["one of", "at least", "at most"].includes(operator) ? `is ${operator}` : operator);

export function listed(names, last = "and", most = NAMED) {
  const said = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} others`] : names;
  return said.length > 1 ? `${said.slice(0, -1).join(", ")} ${last} ${said.at(-1)}` : said[0] ?? "";
}

function valueWords({ field, value }) {
  const { kind } = fieldOf(field);
  const one = (each) => {
    if (kind === "money" && typeof each === "number") return number(toMajor(each, MONEY));
    if (kind === "source" || kind === "band") return words(String(each));
    return typeof each === "number" ? number(each) : String(each);
  };
  return Array.isArray(value) ? value.map(one).join(", ") : one(value);
}

export function conditionWords(condition, isInside = false) {
  if (condition.field) {
    const said = `${fieldOf(condition.field).label.toLowerCase()} ${operatorWords(condition.operator)}`;
    return condition.operator === "is empty" ? said : `${said} ${valueWords(condition)}`;
  }
  const parts = condition.all ?? condition.any ?? [];
  if (parts.length === 0) return condition.any ? "nothing (no lead is meant)" : "anything";
  const said = parts.map((part) => conditionWords(part, true)).join(condition.all ? " and " : " or ");
  return isInside && parts.length > 1 ? `(${said})` : said;
}

export function poolWords(pool, { people, teams }) {
  const nameIn = (list, id, gone) => list.find((each) => each.id === id)?.name ?? gone;
  const names = [
    ...(pool.everybody ? ["everybody who sells"] : []),
    ...pool.teams.map((id) => nameIn(teams, id, "a team that is gone")), ...pool.people.map((id) => nameIn(people, id, "somebody who has left")),
  ];
  return { text: listed(names) || "nobody yet", isOne: names.length <= 1 };
}

const per = (period) => (period === "day" || period === "week" ? `a ${period}` : `in any ${period}`);
const STRATEGIES = {
  round_robin: (pool) => `${pool.text} ${pool.isOne ? "takes" : "take"} turns`,
  weighted: (pool) => `${pool.text} ${pool.isOne ? "takes" : "take"} turns by weight`,
  capacity: (pool, options) => `${pool.text} ${pool.isOne ? "takes" : "take"} turns, up to ${plural(options.most ?? 20, "lead")} ${per(options.per ?? "day")} each`,
  least_loaded: (pool) => `whoever of ${pool.text} has the fewest open leads`,
  pond: (pool) => `${pool.text} may claim it`,
  first_to_claim: (pool, options) => `whoever of ${pool.text} claims it first, or whoever is next after ${minutes(options.minutes ?? 10)}`,
  territory: (pool, options) => `those of ${pool.text} take turns whose territory it is; without any of them ${options.otherwise === "wait" ? "it waits" : "all do"}`,
  sticky: (pool, options, titles) => `whoever knows them already, else ${taking(pool, options.fallback ?? "round_robin", options.fallback_options ?? {}, titles)}`,
};
const taking = (pool, strategy, options, titles) => STRATEGIES[strategy]?.(pool, options, titles) ?? `${pool.text}: ${titles[strategy] ?? words(strategy)}`;

const minutes = (count, kind = "") => (count >= 60 && count % 60 === 0 ? plural(count / 60, `${kind}hour`) : plural(count, `${kind}minute`));

// Both halves of "When … → …".
export function sentence(rule, names) {
  const titles = Object.fromEntries(names.strategies.map((each) => [each.key, each.title]));
  const then = taking(poolWords(rule.pool, names), rule.strategy, rule.options, titles);
  const waits = rule.options.when_nobody_is_on_shift === "wait" ? ", in working hours only" : "";
  const promise = rule.promise ? `, in touch within ${minutes(rule.promise.minutes, "working ")}` : "";
  return { when: rule.conditions ? `When ${conditionWords(rule.conditions)}` : "Every lead", then: then[0].toUpperCase() + then.slice(1) + waits + promise };
}

const HOW = {
  "round robin": "it was their turn", weighted: "it was their turn, by weight", "within capacity": "it was their turn, within what they take",
  "least loaded": "they had the fewest open leads", "knows the person": "they had this lead before", "knows the company": "they have another lead of the company",
  "a turn given back": "they were owed a turn",
};
export const howWords = (how) => HOW[how] ?? how;

// How many leads a trial is about: "last month's 610".
export const lastDays = (trial, days) => `${days === 7 ? "last week's" : "last month's"} ${number(trial.leads)}`;
