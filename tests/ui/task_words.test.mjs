import assert from "node:assert/strict";
import { test } from "node:test";
import { dayInput, dueInSentence, dueWords, momentOf, partOf, timeInput } from "../../leadflow/ui/wrappers/task_words.js";

const HOUR = 3_600_000;
const NOON = new Date(2026, 5, 10, 12).getTime(); // a Wednesday
const due = (hours, allDay = false) => dueWords({ due_at: NOON + hours * HOUR, all_day: allDay }, NOON);

test("of today the time is told, of another day the day", () => {
  assert.match(due(2), /^2:00\sPM$/);
  assert.match(due(-2), /^10:00\sAM$/);
  assert.match(due(24), /^Tomorrow, 12:00\sPM$/);
  assert.match(due(-24), /^Yesterday, 12:00\sPM$/);
  assert.match(due(48), /^Fri, 12:00\sPM$/);
  assert.match(due(24 * 30), /^Jul 10, 12:00\sPM$/);
  assert.match(due(24 * 300), /^Apr 6, 2027, /);
  assert.equal(dueWords({ due_at: null, all_day: false }, NOON), "");
});

test("a day without a time is a day", () => {
  assert.equal(due(11.9, true), "Today");
  assert.equal(due(35.9, true), "Tomorrow");
  assert.equal(due(-12.1, true), "Yesterday");
  assert.equal(dueInSentence({ due_at: NOON + 36 * HOUR - 1, all_day: true }, NOON), "tomorrow");
});

test("the parts of a day meet without a gap", () => {
  const day = { ends: NOON + 12 * HOUR };
  const part = (at) => partOf({ due_at: at }, day, NOON);
  assert.equal(part(NOON - 1), "overdue");
  assert.equal(part(NOON), "today");
  assert.equal(part(day.ends - 1), "today");
  assert.equal(part(day.ends), "upcoming");
  assert.equal(part(null), "undated");
});

test("what is typed comes back as it was", () => {
  assert.equal(momentOf("", "10:00"), null);
  const timed = momentOf("2026-06-11", "10:30");
  assert.deepEqual([dayInput(timed), timeInput(timed)], ["2026-06-11", "10:30"]);
  const allDay = momentOf("2026-06-11", "");
  assert.deepEqual([dayInput(allDay), timeInput(allDay)], ["2026-06-11", "23:59"]);
  assert.deepEqual([dayInput(null), timeInput(null)], ["", ""]);
});
