// Editing many leads: what is asked, and what the preview says.
import assert from "node:assert/strict";
import test from "node:test";
import { changeOf, fromOf, summaryOf } from "../../leadflow/ui/wrappers/bulk_rules.js";

const toMinor = (text) => Math.round(Number(text.replace(/[^\d.-]/g, "") || NaN) * 100);
const draft = (some) => ({ field: "title", text: "", currency: "EUR", reason: "", ...some });

test("text is set, and left empty it empties the field", () => {
  assert.deepEqual(changeOf(draft({ text: " CEO " }), toMinor), { title: "CEO" });
  assert.deepEqual(changeOf(draft({}), toMinor), { title: null });
});

test("a value comes with its currency, and what is no number says nothing", () => {
  assert.deepEqual(changeOf(draft({ field: "value", text: "12.50", currency: "CHF" }), toMinor), { value: 1250, currency: "CHF" });
  assert.deepEqual(changeOf(draft({ field: "value" }), toMinor), { value: null });
  assert.equal(changeOf(draft({ field: "value", text: "lots" }), toMinor), null);
});

test("a stage is never empty, and brings its reason", () => {
  assert.equal(changeOf(draft({ field: "stage" }), toMinor), null);
  assert.deepEqual(changeOf(draft({ field: "stage", text: "won", reason: "The fair" }), toMinor), { stage: "won", reason: "The fair" });
});

test("the preview in words", () => {
  const none = { already: 0, closed: 0, refused: 0, missing: 0 };
  assert.equal(summaryOf({ leads: 53, changing: 53, ...none }, String), "53 leads change.");
  assert.equal(summaryOf({ leads: 1, changing: 1, ...none }, String), "1 lead changes.");
  assert.equal(summaryOf({ leads: 9, changing: 4, already: 2, closed: 1, refused: 2, missing: 3 }, String), "4 of 9 leads change; 2 say so already; 1 is won or lost and stays; 2 are not yours to change; 3 are not there any more.");
  assert.equal(summaryOf({ leads: 2, changing: 0, ...none, already: 2 }, String), "No lead changes; 2 say so already.");
  assert.equal(fromOf({ from_: [{ value: "new", leads: 41 }, { value: "", leads: 12 }], others: 3 }, (value) => value.toUpperCase(), String), "41 from NEW, 12 from nothing, 3 from others");
});
