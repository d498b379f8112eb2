import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, isSame, read, seenOf, shown, textOf, together } from "../../leadflow/ui/wrappers/edit_rules.js";

test("amounts are read as people write them", () => {
  const said = { "1500": 1500, "1,500": 1500, "1.500": 1500, "1 500": 1500, "1'500": 1500, "1,500.50": 1500.5, "1.500,50": 1500.5, "1500,5": 1500.5, "0,125": 0.125, "0.125": 0.125, "€ 12": 12, "12 EUR": 12, "1,234,567": 1234567, "1.234.567,8": 1234567.8, "7.": 7 };
  for (const [text, expected] of Object.entries(said)) assert.equal(amount(text), expected, text);
});

test("what is no amount is said to be none, and never zero", () => {
  for (const text of ["abc", "", "-5", "1,2,3", "12,34,56", "1.2.3", "1-2", "5 apples 3", ".", "12.345,67.8"]) assert.equal(amount(text), null, text);
  assert.equal(read("value", "much", "EUR").problem, "Write a number, such as 1500.");
});

test("an amount goes with its currency and comes back as it was written", () => {
  assert.deepEqual(read("value", "1,500.50", "EUR").values, { value: 150050, currency: "EUR" });
  assert.deepEqual(read("value", "1500", "JPY").values, { value: 1500, currency: "JPY" });
  assert.deepEqual(read("value", " ", "EUR").values, { value: 0, currency: "EUR" });
  for (const value of [0, 1, 99, 150050, 123456789]) assert.equal(read("value", textOf("value", { value, currency: "EUR" }), "EUR").values.value, value);
});

test("an emptied field is null, and text loses the space around it", () => {
  assert.deepEqual(read("company", "  ", "").values, { company: null });
  assert.deepEqual(read("company", " Navy ", "").values, { company: "Navy" });
  assert.equal(read("country", "Germany").problem, "Use a two-letter country code such as DE.");
  assert.deepEqual(read("country", "de").values, { country: "de" });
});

test("nothing and nothing are the same, whatever they are called", () => {
  assert.ok(isSame({ company: null }, { company: "" }));
  assert.ok(isSame({ value: 0, currency: "EUR" }, { value: null, currency: "EUR" }));
  assert.ok(!isSame({ value: 100, currency: "EUR" }, { value: 100, currency: "USD" }));
});

test("what was seen of a field is all that it is made of", () => {
  assert.deepEqual(seenOf("value", { value: 5, currency: "EUR", company: "x" }), { value: 5, currency: "EUR" });
  assert.deepEqual(seenOf("owner", {}), { owner: null });
});

test("values in words", () => {
  const names = { people: new Map([["7", { name: "Ben" }]]), stages: new Map([["won", "Won"]]) };
  assert.equal(shown("owner", { owner: "7" }, names), "Ben");
  assert.equal(shown("owner", { owner: null }, names), "No owner");
  assert.equal(shown("owner", { owner: "8" }, names), "Somebody");
  assert.equal(shown("stage", { stage: "won" }, names), "Won");
  assert.equal(shown("value", { value: 150000, currency: "EUR" }, names), "€1,500");
  assert.equal(shown("company", { company: null }, names), "");
});

test("everything that waits for one lead is one request", () => {
  assert.deepEqual(together([{ change: { a: 1 }, seen: { a: 0 } }, { change: { b: 2 }, seen: { b: null } }]), { change: { a: 1, b: 2 }, seen: { a: 0, b: null } });
});
