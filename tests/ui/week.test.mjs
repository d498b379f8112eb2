// Working hours as people write them.
import assert from "node:assert/strict";
import test from "node:test";
import { parsed, weekWords, written } from "../../leadflow/ui/wrappers/week.js";

test("hours are read as people write them", () => {
  assert.deepEqual(parsed("9-12, 13:00–17:30"), [["09:00", "12:00"], ["13:00", "17:30"]]);
  assert.deepEqual(parsed("0900 to 1700"), [["09:00", "17:00"]]);
  assert.deepEqual(parsed("  "), []);
  assert.equal(parsed("nine to five"), null);
  assert.equal(parsed("9-12, later"), null);
});

test("what is written is read as the same", () => {
  const shifts = [["08:00", "12:00"], ["12:45", "24:00"]];
  assert.deepEqual(parsed(written(shifts)), shifts);
});

test("days in a row that are alike are said as one", () => {
  const day = [["09:00", "17:00"]];
  const words = weekWords({ monday: day, tuesday: day, wednesday: day, friday: day });
  assert.match(words, /^\p{L}+–\p{L}+ 09:00–17:00, \p{L}+ 09:00–17:00$/u);
  assert.equal(weekWords(null), "Always");
  assert.equal(weekWords({}), "Never");
});
