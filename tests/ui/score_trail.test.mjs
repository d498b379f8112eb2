import assert from "node:assert/strict";
import { test } from "node:test";
import { seen, stepsOf } from "../../leadflow/ui/wrappers/score_trail.js";

const at = (minute) => Date.UTC(2020, 0, 1) + minute * 60_000;
// As leadflow.scoring.trail packs it; tests/scoring/test_trail.py has the same.
const PACKED = "LcqoA+gPA6w9AABK";
const STEPS = [[at(3_000_000), 15], [at(3_000_060), 61], [at(3_001_000), 74]];

test("a trail is read as it was packed", () => {
  assert.deepEqual(stepsOf(PACKED), STEPS);
  assert.deepEqual(stepsOf(""), []);
});

test("what is seen of it begins with the level that the score had then", () => {
  assert.deepEqual(seen(STEPS, at(3_000_030), at(3_002_000)), [[at(3_000_030), 15], STEPS[1], STEPS[2]]);
  assert.deepEqual(seen(STEPS, at(3_001_500), at(3_002_000)), [[at(3_001_500), 74]]);
  assert.deepEqual(seen(STEPS, at(2_999_000), at(3_002_000)), [[at(2_999_000), 15], STEPS[1], STEPS[2]]);
  assert.deepEqual(seen([], at(0), at(9)), []);
});
