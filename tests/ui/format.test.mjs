import assert from "node:assert/strict";
import { test } from "node:test";
import { age, initials, money, plural, toMajor, toMinor, until, when, words } from "../../leadflow/ui/wrappers/format.js";

const HOUR = 3_600_000;

test("ages are short and never negative", () => {
  const now = 1_000 * HOUR;
  assert.equal(age(now + 5_000, now), "now");
  assert.equal(age(now - 5 * 60_000, now), "5 min");
  assert.equal(age(now - 5 * HOUR, now), "5 h");
  assert.equal(age(now - 50 * HOUR, now), "2 d");
  assert.equal(age(now - 3344 * 24 * HOUR, now), "9 y");
});

test("times are relative up to a day", () => {
  const now = Date.UTC(2026, 5, 10, 12);
  assert.equal(when(now - 3 * HOUR, now), "3 h ago");
  assert.doesNotMatch(when(now - 30 * HOUR, now), /ago/);
  assert.equal(when(null, now), "");
  assert.equal(when(new Date(now - 3 * HOUR).toISOString(), now), "3 h ago");
});

test("moments to come are told by the nearest name that they have", () => {
  const now = Date.UTC(2026, 5, 10, 12);
  assert.match(until(now + 3 * HOUR, now), /^3:00\sPM$/);
  assert.match(until(now + 24 * HOUR, now), /^tomorrow, 12:00\sPM$/);
  assert.equal(until(now + 48 * HOUR, now), "Friday");
  assert.equal(until(now + 30 * 24 * HOUR, now), "Jul 10");
  assert.match(until(now + 300 * 24 * HOUR, now), /2027/);
});

test("money goes to minor units and back, by the currency's own digits", () => {
  assert.equal(toMinor("1,234.50", "EUR"), 123_450);
  assert.equal(toMinor("1200", "JPY"), 1200);
  assert.equal(toMajor(123_450, "EUR"), 1234.5);
  assert.match(money(123_450, "EUR"), /1,234\.50/);
  assert.equal(money(null, "EUR"), "");
  assert.doesNotThrow(() => money(100, "nonsense"));
});

test("names of any shape have initials", () => {
  assert.equal(initials("Ada King Lovelace"), "AL");
  assert.equal(initials("Ada"), "A");
  assert.equal(initials("  "), "");
  assert.equal(initials(null), "");
});

test("keys of systems become words of people", () => {
  assert.equal(words("website_form"), "Website form");
  assert.equal(words("form:contact"), "Form · contact");
  assert.equal(words(""), "");
  assert.equal(plural(1, "lead"), "1 lead");
  assert.equal(plural(2, "lead"), "2 leads");
});
