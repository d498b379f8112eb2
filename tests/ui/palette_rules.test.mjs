// Which commands fit what is typed, and which keys press what.
import assert from "node:assert/strict";
import test from "node:test";
import { distinct, follow, matching } from "../../leadflow/ui/wrappers/palette_rules.js";

const COMMANDS = [
  { label: "Open view Warm", isAskedFor: true },
  { label: "Change stage" },
  { label: "Go to Board" },
  { label: "Write a note" },
  { label: "Owner: José Núñez", verbs: ["owner", "assign"], aliases: ["assign"] },
  { label: "Stage: Proposal", verbs: ["stage", "move"], aliases: ["move"] },
];
const labels = (text) => matching(COMMANDS, text).map((each) => each.label);

test("without a word, everything is offered but what needs one", () => {
  assert.deepEqual(labels(""), ["Change stage", "Go to Board", "Write a note"]);
});

test("every word begins one of the command's, whatever their order, case and accents", () => {
  assert.deepEqual(labels("BOARD go"), ["Go to Board"]);
  assert.deepEqual(labels("assign jose nu"), ["Owner: José Núñez"]);
  assert.deepEqual(labels("oard"), []);
  assert.deepEqual(labels("go note"), []);
});

test("a name alone runs nothing", () => {
  assert.deepEqual(labels("jose"), []);
  assert.deepEqual(labels("jose owner"), []);
  assert.deepEqual(labels("prop"), []);
  assert.deepEqual(labels("move prop"), ["Stage: Proposal"]);
});

test("what begins as it was typed comes first", () => {
  assert.deepEqual(labels("stage"), ["Stage: Proposal", "Change stage"]);
});

test("what stands on a page twice is offered once", () => {
  assert.deepEqual(distinct([...COMMANDS, { label: "Go to Board", run: 1 }]), COMMANDS);
});

test("one key, or two that follow each other", () => {
  const known = ["n", "g b", "g l"];
  assert.deepEqual(follow("", "n", known), { pressed: "n", waiting: "" });
  assert.deepEqual(follow("", "g", known), { pressed: null, waiting: "g" });
  assert.deepEqual(follow("g", "l", known), { pressed: "g l", waiting: "" });
  assert.deepEqual(follow("g", "n", known), { pressed: "n", waiting: "" });
  assert.deepEqual(follow("g", "g", known), { pressed: null, waiting: "g" });
  assert.deepEqual(follow("g", "x", known), { pressed: null, waiting: "" });
  assert.deepEqual(follow("", "x", known), { pressed: null, waiting: "" });
});

test("what is asked for by name only is offered once something is typed", () => {
  assert.deepEqual(labels("warm"), ["Open view Warm"]);
  assert.ok(!labels("").includes("Open view Warm"));
});
