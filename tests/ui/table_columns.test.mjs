import assert from "node:assert/strict";
import { test } from "node:test";
import { NARROWEST, WIDEST, askedFor, chosen, extrasOf, fits, least, moved, tracks, withColumn, without } from "../../leadflow/ui/wrappers/table_columns.js";

const ALL = [
  { key: "name", width: 180, grow: 1.3, usual: true }, { key: "company", width: 130, usual: true }, { key: "score", width: 160, usual: true },
  { key: "title", width: 140, extra: true }, { key: "phone", width: 148, extra: true }, { key: "country", width: 90 },
];
const keysOf = (asked) => chosen(ALL, asked).map((column) => column.key);

test("without a word the usual columns are shown", () => {
  assert.deepEqual(keysOf(""), ["name", "company", "score"]);
});

test("the address says which, in its order, and the first one always comes first", () => {
  assert.deepEqual(keysOf("phone,company,name"), ["name", "phone", "company"]);
  assert.deepEqual(keysOf("score"), ["name", "score"]);
});

test("what is not on offer, or is said twice, is left out", () => {
  assert.deepEqual(keysOf("password,phone,phone,,country"), ["name", "phone", "country"]);
});

test("the usual columns in their usual order need no word in the address", () => {
  assert.equal(askedFor(ALL, ["name", "company", "score"]), "");
  assert.equal(askedFor(ALL, ["name", "score", "company"]), "name,score,company");
  for (const asked of ["name,phone", "name,country,score", ""]) assert.equal(askedFor(ALL, keysOf(asked)), asked);
});

test("a column is moved anywhere but before the first, and the first not at all", () => {
  const keys = ["name", "a", "b", "c"];
  assert.deepEqual(moved(keys, "c", 1), ["name", "c", "a", "b"]);
  assert.deepEqual(moved(keys, "a", 9), ["name", "b", "c", "a"]);
  assert.deepEqual(moved(keys, "b", 0), ["name", "b", "a", "c"]);
  for (const [key, to] of [["name", 2], ["a", 1], ["a", -3], ["none", 2]]) assert.equal(moved(keys, key, to), keys);
});

test("columns come and go, the first one stays", () => {
  assert.deepEqual(without(["name", "a"], "a"), ["name"]);
  assert.deepEqual(without(["name", "a"], "name"), ["name", "a"]);
  assert.deepEqual(withColumn(["name", "a"], "b"), ["name", "a", "b"]);
  assert.deepEqual(withColumn(["name", "a"], "a"), ["name", "a"]);
});

test("what is asked of the server does not depend on the order of columns", () => {
  assert.equal(extrasOf(chosen(ALL, "title,phone,country")), "phone,title");
  assert.equal(extrasOf(chosen(ALL, "phone,country,title")), "phone,title");
  assert.equal(extrasOf(chosen(ALL, "")), "");
});

test("a width is kept within reason, and something always takes what is left over", () => {
  assert.deepEqual([fits(1), fits(100.4), fits(1e9)], [NARROWEST, 100, WIDEST]);
  const columns = chosen(ALL, "company");
  assert.equal(tracks(columns, {}), "minmax(180px, 1.3fr) 130px");
  assert.equal(tracks(columns, { company: 200 }), "minmax(180px, 1.3fr) 200px");
  assert.equal(tracks(columns, { name: 240 }), "minmax(240px, 1fr) 130px");
  assert.equal(least(columns, { name: 240 }), 370);
});
