// Choosing rows: one by one, by range, and all that match.
import assert from "node:assert/strict";
import test from "node:test";
import { ALL, NONE, everyListed, isChosen, isEmpty, ranged, toggled } from "../../leadflow/ui/wrappers/selection.js";

const LISTED = ["a", "b", "c", "d", "e"];
const chosen = (selection) => LISTED.filter((id) => isChosen(selection, id)).join("");

test("one is chosen and let go again", () => {
  const one = toggled(NONE, "b", LISTED);
  assert.equal(chosen(one), "b");
  assert.ok(isEmpty(toggled(one, "b", LISTED)));
  assert.ok(isEmpty(NONE));
});

test("a range goes from the last that was chosen by itself, either way, and shrinks again", () => {
  const start = toggled(toggled(NONE, "a", LISTED), "c", LISTED);
  const longer = ranged(start, "e", LISTED);
  assert.equal(chosen(longer), "acde");
  assert.equal(chosen(ranged(longer, "d", LISTED)), "acd");
  assert.equal(chosen(ranged(longer, "b", LISTED)), "abc");
});

test("without one to begin at, a range begins where it ends", () => {
  assert.equal(chosen(ranged(NONE, "d", LISTED)), "d");
  assert.equal(chosen(ranged(toggled(NONE, "gone", LISTED), "d", LISTED)), "d");
});

test("of all that match one can be left out, and what is not listed is not chosen then", () => {
  assert.ok(isChosen(ALL, "on another page"));
  const fewer = toggled(ALL, "c", LISTED);
  assert.equal(chosen(fewer), "abde");
  assert.ok(!isChosen(fewer, "on another page"));
  assert.equal(chosen(everyListed(LISTED)), "abcde");
});
