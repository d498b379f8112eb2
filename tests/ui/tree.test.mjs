// The tree of teams, as the browser draws it.
import assert from "node:assert/strict";
import test from "node:test";
import { below, headcounts, inOrder, subtree, teamOptions } from "../../leadflow/ui/wrappers/tree.js";

const TEAMS = [
  { id: "n", name: "North", parent: null }, { id: "c", name: "Central", parent: null },
  { id: "b", name: "Berlin", parent: "c" }, { id: "s", name: "Second line", parent: "b" }, { id: "l", name: "Lost", parent: "gone" },
];
const said = (teams) => teams.map((team) => `${team.depth} ${team.name}`);

test("every team stands after the one above it, by name, as deep as it hangs", () => {
  assert.deepEqual(said(inOrder(TEAMS)), ["1 Central", "2 Berlin", "3 Second line", "1 Lost", "1 North"]);
  assert.deepEqual(below(TEAMS, null).map((team) => team.name), ["Central", "Lost", "North"]);
  assert.deepEqual([...subtree(TEAMS, "c")].sort(), ["b", "c", "s"]);
});

test("nobody is counted twice, and who is in a team that is gone is in none", () => {
  const counts = headcounts(TEAMS, [{ team: "s" }, { team: "b" }, { team: null }, { team: "gone" }]);
  assert.deepEqual(counts.get("c"), { here: 0, all: 2 });
  assert.deepEqual(counts.get("b"), { here: 1, all: 2 });
  assert.deepEqual(counts.get("n"), { here: 0, all: 0 });
  assert.deepEqual(counts.get(null), { here: 2, all: 4 });
});

test("a team is not offered itself, nor what hangs below it", () => {
  assert.deepEqual(teamOptions(TEAMS, "Northwind", "c").map((option) => option.label), ["Northwind", "Lost", "North"]);
});
