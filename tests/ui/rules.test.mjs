// Rules of assignment as they are said and edited in the browser.
import assert from "node:assert/strict";
import test from "node:test";
import { changed, draftOf, problemAt, rekeyed, ruleOf, sharesOf } from "../../leadflow/ui/wrappers/rule_draft.js";
import { conditionWords, lastDays, poolWords, sentence } from "../../leadflow/ui/wrappers/rule_words.js";

const NAMES = {
  people: [{ id: "b", name: "Ben" }, { id: "n", name: "Nora" }], teams: [{ id: "s", name: "Sales North" }], strategies: [{ key: "horoscope", title: "By the stars" }],
};
const RULE = { name: "R", is_on: true, conditions: null, pool: { people: [], teams: ["s"], everybody: false }, strategy: "round_robin", options: {} };
const leaf = (field, operator, value) => ({ field, operator, value });
const said = (rule) => Object.values(sentence({ ...RULE, ...rule }, NAMES)).join(" → ");

test("a rule is one sentence", () => {
  const conditions = { all: [leaf("source", "is", "web_form"), leaf("country", "one of", ["DE", "AT"])] };
  assert.equal(said({ conditions }), "When source is Web form and country is one of DE, AT → Sales North takes turns");
  assert.equal(said({ pool: { people: ["b", "n"], teams: [], everybody: false } }), "Every lead → Ben and Nora take turns");
  assert.equal(said({ strategy: "capacity", options: { most: 3, per: "30 days", when_nobody_is_on_shift: "wait" } }), "Every lead → Sales North takes turns, up to 3 leads in any 30 days each, in working hours only");
  assert.equal(said({ promise: { minutes: 30, remind_before: 10, fallbacks: [] } }), "Every lead → Sales North takes turns, in touch within 30 working minutes");
  assert.equal(said({ strategy: "sticky", options: { fallback: "least_loaded" } }), "Every lead → Whoever knows them already, else whoever of Sales North has the fewest open leads");
});

test("a strategy that nobody here has heard of is called by its title", () => {
  assert.equal(said({ strategy: "horoscope" }), "Every lead → Sales North: By the stars");
  assert.equal(said({ strategy: "coin_toss" }), "Every lead → Sales North: Coin toss");
});

test("groups stand in brackets, money in whole units, and what is gone is said to be", () => {
  assert.equal(conditionWords({ any: [leaf("value", "at least", 500000), { all: [leaf("band", "is", "hot"), leaf("company", "is empty")] }] }), "value is at least 5,000 or (temperature is Hot and company is empty)");
  assert.equal(poolWords({ people: ["x"], teams: ["y"], everybody: true }, NAMES).text, "everybody who sells, a team that is gone and somebody who has left");
});

test("a rule that is only looked at stays as it was made", () => {
  const deep = { any: [leaf("country", "is", "FR"), { all: [leaf("score", "at least", 60)] }] };
  for (const conditions of [
    null, { all: [] }, { any: [] },
    { any: [leaf("value", "at least", 1234567), leaf("custom.seats", "at most", 5), { field: "company", operator: "is empty" }, { all: [leaf("band", "one of", ["hot", "warm"])] }, { all: [deep, leaf("title", "contains", "head")] }] },
  ]) assert.deepEqual(ruleOf(draftOf({ id: "1", position: 3, ...RULE, conditions })), { ...RULE, conditions });
  assert.deepEqual(ruleOf(draftOf({ ...RULE, conditions: leaf("country", "is", "DE") })).conditions, { all: [leaf("country", "is", "DE")] });
});

test("numbers are read as people write them, and what is none is left to the server", () => {
  const typed = (field, operator, value) => ruleOf({ ...RULE, match: "all", rows: [{ key: 1, field, operator, value }] }).conditions.all[0];
  assert.deepEqual(typed("value", "at least", "12,500"), leaf("value", "at least", 1250000));
  assert.deepEqual(typed("score", "at most", " 7.5 "), leaf("score", "at most", 7.5));
  assert.deepEqual(typed("value", "at least", "much"), leaf("value", "at least", "much"));
  assert.deepEqual(typed("country", "is", ""), { field: "country", operator: "is" });
});

test("another operator keeps what was typed, and a kept draft gets keys of its own", () => {
  const row = { key: 1, field: "country", operator: "is", value: "DE" };
  const several = changed(row, { operator: "one of" });
  assert.deepEqual(several.value, ["DE"]);
  assert.equal(changed(several, { operator: "is" }).value, "DE");
  const again = rekeyed({ ...RULE, match: "all", rows: [row, { key: 1, match: "any", rows: [row] }] });
  assert.equal(new Set([again.rows[0].key, again.rows[1].key, again.rows[1].rows[0].key]).size, 3);
});

test("problems are found by their place, counts by the rules that are on", () => {
  const errors = [{ field: "conditions.all.1.value.0", message: "No." }, { field: "pool", message: "Whom?" }];
  assert.equal(problemAt(errors, "conditions.all.1"), "No.");
  assert.equal(problemAt(errors, "conditions.all.10"), "");
  const [on, off, last] = [{ is_on: true }, { is_on: false }, { is_on: true }];
  const shares = sharesOf([on, off, last], { rules: [{ matched: 1 }, { matched: 2 }] });
  assert.deepEqual([shares.get(on).matched, shares.get(off), shares.get(last).matched], [1, undefined, 2]);
  assert.equal(lastDays({ leads: 610 }, 30), "last month's 610");
});
