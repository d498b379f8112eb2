import assert from "node:assert/strict";
import { test } from "node:test";
import { badge, bellWords, byDay, marked } from "../../leadflow/ui/wrappers/notice_rules.js";

const item = (id, at, isRead = false) => ({ id, at, is_read: isRead });

test("days stand in the order of their notifications, each once in a row", () => {
  const days = byDay([item("a", 9), item("b", 8), item("c", 3)], (at) => (at > 5 ? "Today" : "Yesterday"));
  assert.deepEqual(days.map((day) => [day.heading, day.items.map((each) => each.id)]), [["Today", ["a", "b"]], ["Yesterday", ["c"]]]);
  assert.deepEqual(byDay([], String), []);
});

test("what is marked stays where it stands, and leaves where only unread ones are shown", () => {
  const items = [item("a", 2), item("b", 1, true)];
  assert.deepEqual(marked(items, "a", true, false), [item("a", 2, true), item("b", 1, true)]);
  assert.deepEqual(marked(items, "b", false, false), [item("a", 2), item("b", 1)]);
  assert.deepEqual(marked([item("a", 2)], "a", true, true), []);
  assert.deepEqual(items[0], item("a", 2), "the list before stays as it was");
});

test("the bell says in words what it shows", () => {
  assert.equal(badge(7), "7");
  assert.equal(badge(100), "99+");
  assert.equal(bellWords(0), "Notifications");
  assert.equal(bellWords(1), "Notifications, 1 unread");
});
