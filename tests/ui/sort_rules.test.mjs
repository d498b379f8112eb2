import assert from "node:assert/strict";
import { test } from "node:test";
import { FILTERS, UNFILTERED, filterOf, isFiltered, wantedOf, watchedOf } from "../../leadflow/ui/wrappers/lead_query.js";
import { clicked, dropped, isDescending, placeOf, replaced } from "../../leadflow/ui/wrappers/sort_rules.js";

const NAME = { sort: "name" };
const SCORE = { sort: "score", first: "-score" };

test("a click sorts by a column, and another turns it", () => {
  assert.equal(clicked("-score", NAME), "name");
  assert.equal(clicked("name", NAME), "-name");
  assert.equal(clicked("-name", NAME), "name");
  assert.equal(clicked("name", SCORE), "-score");
  assert.equal(clicked("relevance", SCORE), "-score");
  assert.equal(clicked("-score,name", SCORE), "score");
  assert.equal(clicked("-score,name", NAME), "name");
});

test("with Shift it becomes the next key, or turns where it stands", () => {
  assert.equal(clicked("-score", NAME, true), "-score,name");
  assert.equal(clicked("-score,name", NAME, true), "-score,-name");
  assert.equal(clicked("-score,name", SCORE, true), "score,name");
  assert.equal(clicked("-score,name,value", { sort: "company" }, true), "-score,name,company", "there are three at most");
  assert.equal(clicked("relevance", NAME, true), "name");
});

test("a place in the order is told, replaced and dropped", () => {
  assert.equal(placeOf("-score,name", "name"), 2);
  assert.equal(placeOf("-score,name", "value"), 0);
  assert.equal(isDescending("-score,name", "score"), true);
  assert.equal(isDescending("-score,name", "name"), false);
  assert.equal(replaced("-score,name", 1, "-value"), "-score,-value");
  assert.equal(replaced("-score,name", 0, "name"), "name", "a key stands once");
  assert.equal(dropped("-score,name", 0), "name");
});

test("what of a URL makes the query", () => {
  const wanted = wantedOf(new URLSearchParams("q=ada&stage=new,won&where={}&sort=-score,name&columns=name&group=stage"));
  assert.deepEqual(wanted, { q: "ada", stage: "new,won", where: "{}", sort: "-score,name" });
  assert.deepEqual(filterOf(wanted), { q: "ada", stage: ["new", "won"], where: "{}" });
  assert.equal(isFiltered({ sort: "name" }), false);
  assert.equal(isFiltered(wanted), true);
  assert.deepEqual(Object.keys(UNFILTERED), FILTERS.filter((key) => key !== "sort"));
});

test("a subscription is told who I am as a condition", () => {
  const mine = { field: "owner", op: "any_of", value: ["me"] };
  assert.deepEqual(watchedOf({ owner: "x", captured: "today", sort: "name" }), { owner: "x", band: null, stage: null, source: null, captured: "today", q: null, where: null, lead: null });
  assert.deepEqual(JSON.parse(watchedOf({ owner: "me" }).where), mine);
  assert.deepEqual(JSON.parse(watchedOf({ owner: "me", where: '{"field":"score","op":"gte","value":1}' }).where), { all: [mine, { field: "score", op: "gte", value: 1 }] });
});
