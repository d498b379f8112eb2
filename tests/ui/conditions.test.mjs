import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionsOf, inWords, listOf, problemOf } from "../../leadflow/ui/wrappers/conditions.js";

const POSTCODE = { field: "custom.postcode", operator: "starts with", value: "80" };
const LARGE = { field: "custom.employees", operator: "at least", value: 200 };
const DACH = { field: "country", operator: "one of", value: ["DE", "AT"] };

test("what a list can show comes back as it was", () => {
  for (const conditions of [null, { all: [POSTCODE, LARGE] }, { any: [DACH, { field: "domain", operator: "is empty" }] }]) {
    assert.deepEqual(conditionsOf(listOf(conditions)), conditions);
  }
  assert.deepEqual(conditionsOf(listOf(POSTCODE)), { all: [POSTCODE] });
});

test("conditions within conditions are left alone", () => {
  assert.equal(listOf({ all: [{ any: [POSTCODE, LARGE] }] }), null);
});

test("a postcode stays text, a size becomes a number, a list is split", () => {
  const rows = [{ ...POSTCODE, value: "01 " }, { ...LARGE, value: "250" }, { ...DACH, value: "DE, AT,, " }];
  assert.deepEqual(conditionsOf({ mode: "all", rows }).all.map((each) => each.value), ["01", 250, ["DE", "AT"]]);
});

test("what is missing is said", () => {
  assert.equal(problemOf({ operator: "is", value: " " }), "Say what to compare with.");
  assert.equal(problemOf({ operator: "one of", value: " , " }), "Say what to compare with.");
  assert.equal(problemOf({ operator: "at least", value: "many" }), "Use a number.");
  assert.equal(problemOf({ operator: "is empty", value: "" }), "");
});

test("they are told in words", () => {
  assert.equal(inWords({ any: [POSTCODE, { field: "custom.segment", operator: "is empty" }] }), "Postcode starts with 80 or segment is empty");
  assert.equal(inWords({ all: [DACH, LARGE] }), "Country one of DE, AT and Employees at least 200");
  assert.equal(inWords(null), "");
});
