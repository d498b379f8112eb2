import assert from "node:assert/strict";
import { test } from "node:test";
import { asNumber, configOf, draftOf, groupsOf, isSame, newEngagement, newFit, problemAt, rekeyed } from "../../leadflow/ui/wrappers/scoring_draft.js";

const CONFIG = {
  base: 15, points_per_logit: 20, patience: 20, usual_win_rate: 0.1, usual_score: 35,
  fit: [{ attribute: "source", values: ["fair", "partner"], points: -4.5, label: "Fair", group: "profile" }, { attribute: "has_phone", values: [], points: 5, label: "Phone", group: "own" }],
  engagement: [{ behaviour: "demo_requested", points: 40, limit: 46, half_life_days: 14, label: "Demo", group: "engagement" }],
  other_behaviour: { behaviour: "*", points: 3, limit: 9, half_life_days: 7, label: "Else", group: "engagement" },
  limits: { profile: 34, engagement: 66 }, thresholds: { hot: 70, warm: 40, hysteresis: 4 },
};

test("what was only looked at is what it was", () => {
  assert.deepEqual(configOf(draftOf(CONFIG)), CONFIG);
  assert.ok(isSame(configOf(draftOf(CONFIG)), CONFIG));
  const without = { ...CONFIG, other_behaviour: null, limits: {} };
  assert.deepEqual(configOf(draftOf(without)), without);
});

test("the order of names makes no difference, and that of rules does", () => {
  const { base, ...rest } = CONFIG;
  assert.ok(isSame({ ...rest, base }, CONFIG));
  assert.ok(!isSame({ ...CONFIG, fit: [...CONFIG.fit].reverse() }, CONFIG));
});

test("numbers go as numbers, and what is none as it was written", () => {
  assert.equal(asNumber(" 4,5 "), 4.5);
  assert.equal(asNumber("many"), "many");
  assert.equal(asNumber(""), null);
  const draft = draftOf(CONFIG);
  draft.fit[0].points = "lots";
  draft.thresholds.hot = "75";
  draft.limits.profile = " ";
  const config = configOf(draft);
  assert.equal(config.fit[0].points, "lots");
  assert.equal(config.thresholds.hot, 75);
  assert.deepEqual(config.limits, { engagement: 66 });
});

test("rows have keys of their own, after a reload too", () => {
  const draft = draftOf(CONFIG);
  const kept = rekeyed(JSON.parse(JSON.stringify(draft)));
  const keys = [...draft.fit, ...draft.engagement, ...kept.fit, ...kept.engagement, newFit(), newEngagement()].map((row) => row.key);
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(configOf(kept), CONFIG);
});

test("groups stand in order, the usual one first", () => {
  assert.deepEqual(groupsOf(CONFIG.fit, "profile"), ["profile", "own"]);
  assert.deepEqual(groupsOf([], "engagement"), ["engagement"]);
});

test("a problem is found by its field, and not by one whose name begins alike", () => {
  const errors = [{ field: "config.fit.11.points", message: "Too many." }, { field: "config.thresholds", message: "Not in order." }];
  assert.equal(problemAt(errors, "fit.1.points"), "");
  assert.equal(problemAt(errors, "fit.11.points"), "Too many.");
  assert.equal(problemAt(errors, "thresholds.hot"), "");
});
