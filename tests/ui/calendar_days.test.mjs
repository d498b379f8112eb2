// The days of a month, and the bars of absences among them. The zone is UTC.
import assert from "node:assert/strict";
import test from "node:test";
import { daysOf, laid, monthOf, spanOf, stepped } from "../../leadflow/ui/wrappers/calendar_days.js";

const at = (text) => Date.parse(`${text}Z`);
const away = (from, to, id = from) => ({ id, starts_at: at(from), ends_at: at(to) });

test("a month has its days, whatever its length", () => {
  assert.equal(daysOf("2028-02").length, 29);
  const december = daysOf("2026-12");
  assert.deepEqual([december[0].key, december.at(-1).key], ["2026-12-01", "2026-12-31"]);
  assert.deepEqual(december.filter((day) => day.isWeekend).slice(0, 2).map((day) => day.number), [5, 6]);
  assert.equal(december[0].place, 1);
});

test("what names no month is this one, and months follow each other across the year", () => {
  const now = at("2026-11-26T12:00");
  assert.deepEqual(["2026-13", "", null, "1999-01", "2026-02"].map((text) => monthOf(text, now)), ["2026-11", "2026-11", "2026-11", "2026-11", "2026-02"]);
  assert.deepEqual([stepped("2026-12", 1), stepped("2026-01", -1)], ["2027-01", "2025-12"]);
});

test("an absence until midnight ends on the day before, and what lies outside is cut", () => {
  const days = daysOf("2026-12");
  assert.deepEqual(spanOf(away("2026-12-10T00:00", "2026-12-12T00:00"), days), { from: 9, to: 10, isCutBefore: false, isCutAfter: false });
  assert.deepEqual(spanOf(away("2026-12-10T09:00", "2026-12-10T10:00"), days), { from: 9, to: 9, isCutBefore: false, isCutAfter: false });
  assert.deepEqual(spanOf(away("2026-11-20T00:00", "2027-01-03T00:00"), days), { from: 0, to: 30, isCutBefore: true, isCutAfter: true });
  assert.equal(spanOf(away("2026-11-20T00:00", "2026-12-01T00:00"), days), null);
  assert.equal(spanOf(away("2027-01-01T00:00", "2027-01-03T00:00"), days), null);
});

test("absences that overlap lie below each other, and others share a lane", () => {
  const { bars, lanes } = laid([
    away("2026-12-10T00:00", "2026-12-12T00:00", "a"), away("2026-12-11T00:00", "2026-12-14T00:00", "b"), away("2026-12-12T00:00", "2026-12-13T00:00", "c"),
  ], daysOf("2026-12"));
  assert.equal(lanes, 2);
  assert.deepEqual(bars.map((bar) => [bar.absence.id, bar.lane]), [["a", 0], ["b", 1], ["c", 0]]);
});
