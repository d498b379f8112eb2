import assert from "node:assert/strict";
import { test } from "node:test";
import { allOf, daysOf, groupOf, hasLeft, headOf, inOrder, leadFrom, patched, slotId, slotsOf } from "../../leadflow/ui/wrappers/group_slots.js";

const total = (count, values = {}) => ({ count, values, mean: 50 });
const part = (ids, cursor = null) => ({ ids, cursor, isRead: true });

test("groups stand as the pipeline goes, hottest first, newest first, or by name; what has none comes last", () => {
  assert.deepEqual(inOrder("stage", ["won", "odd", "new"], { stages: ["new", "won"] }), ["new", "won", "odd"]);
  assert.deepEqual(inOrder("band", ["cold", "hot", "warm"]), ["hot", "warm", "cold"]);
  assert.deepEqual(inOrder("captured_day", ["2026-01-02", "2026-03-01", "2026-01-10"]), ["2026-03-01", "2026-01-10", "2026-01-02"]);
  const nameOf = (key) => ({ 1: "Cleo", 2: "Ada", "": "No owner" })[key];
  assert.deepEqual(inOrder("owner", ["", "1", "2"], { nameOf }), ["2", "1", ""]);
});

test("a group has its head, its leads, and a place for more while there are more", () => {
  const totals = new Map([["new", total(3)], ["won", total(1)], ["lost", total(9)], ["odd", total(2)]]);
  const parts = new Map([["new", part(["a", "b"], "next")], ["won", part(["c"])], ["odd", part(["z"], "next")]]);
  const slots = slotsOf(["new", "won", "lost", "odd"], totals, parts, new Set(["odd"]));
  assert.deepEqual(slots.map(slotId), ["head new", "a", "b", "more new", "head won", "c", "head lost", "more lost", "head odd"]);
});

test("the next lead is found across heads, and the last one is as far as it goes", () => {
  const slots = slotsOf(["new", "won"], new Map([["new", total(2)], ["won", total(1)]]), new Map([["new", part(["a", "b"])], ["won", part(["c"])]]), new Set());
  assert.deepEqual([leadFrom(slots, 0, 1), leadFrom(slots, 1, 1), leadFrom(slots, 2, 1), leadFrom(slots, 1, 9), leadFrom(slots, 4, -1)], [1, 2, 4, 4, 2]);
  assert.deepEqual([leadFrom(slots, 1, -1), leadFrom(slots, 0, 0), leadFrom(slots, 2, 0), leadFrom([], 0, 1)], [1, 1, 2, -1]);
});

test("a lead has left its group when what it is grouped by has changed", () => {
  assert.equal(hasLeft("stage", { stage: "won" }, "new"), true);
  assert.equal(hasLeft("owner", { owner: null }, ""), false);
  assert.equal(hasLeft("captured_day", { captured_at: 1 }, "2026-01-01"), false);
  assert.equal(groupOf("country", { country: null }), "");
  assert.equal(groupOf("captured_week", {}), null);
});

test("totals follow what changed, and start over with a whole picture", () => {
  const before = new Map([["new", total(1)], ["won", total(2)]]);
  assert.deepEqual([...patched(before, { new: null, lost: total(3) }, false)], [["won", total(2)], ["lost", total(3)]]);
  assert.deepEqual([...patched(before, { lost: total(3) }, true)], [["lost", total(3)]]);
  assert.equal(before.size, 2);
});

test("groups add up by currency, and values that one may not see stay unseen", () => {
  assert.deepEqual(allOf(new Map([["a", total(1, { EUR: 5 })], ["b", total(2, { EUR: 1, USD: 7 })]])), { count: 3, values: { EUR: 6, USD: 7 }, mean: null });
  assert.equal(allOf(new Map([["a", total(1, null)], ["b", total(2, null)]])).values, null);
});

test("a period has its first and its last day", () => {
  const said = (by, key) => daysOf(by, key).map((day) => [day.getFullYear(), day.getMonth() + 1, day.getDate()].join("-"));
  assert.deepEqual(said("captured_day", "2026-03-01"), ["2026-3-1", "2026-3-1"]);
  assert.deepEqual(said("captured_week", "2026-03-30"), ["2026-3-30", "2026-4-5"]);
  assert.deepEqual(said("captured_month", "2028-02-01"), ["2028-2-1", "2028-2-29"]);
});

test("every slot stands under a head", () => {
  const slots = slotsOf(["new", "won"], new Map([["new", total(2)], ["won", total(1)]]), new Map([["new", part(["a", "b"])]]), new Set());
  assert.deepEqual([0, 1, 2, 3, 4, 99].map((at) => headOf(slots, at)), [0, 0, 0, 3, 3, 3]);
  assert.equal(headOf([], 0), -1);
});
