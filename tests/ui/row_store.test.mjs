import assert from "node:assert/strict";
import { test } from "node:test";
import { RowStore, countMoves } from "../../leadflow/ui/wrappers/row_store.js";

const byScore = (a, b) => b.score - a.score;
const board = () => new RowStore({ group: (row) => row.stage, compare: byScore });
const lead = (id, stage, score, version = 1) => ({ id, stage, score, version, reason: "" });

test("rows stand in their stage, best score first", () => {
  const store = board();
  store.replace([lead("a", "new", 10), lead("b", "new", 90), lead("c", "won", 50)]);
  assert.deepEqual(store.ids("new"), ["b", "a"]);
  assert.deepEqual(store.ids("won"), ["c"]);
  assert.deepEqual(store.ids("lost"), []);
});

test("a patch wakes the listeners of the changed row and of nobody else", () => {
  const store = board();
  store.replace([lead("a", "new", 10), lead("b", "new", 90)]);
  const woken = [];
  store.subscribeRow("a", () => woken.push("a"));
  store.subscribeRow("b", () => woken.push("b"));
  store.patch({ upsert: [lead("a", "new", 20, 2)] });
  assert.deepEqual(woken, ["a"]);
  assert.equal(store.row("a").moved, 10);
});

test("the order is news only when it has changed", () => {
  const store = board();
  store.replace([lead("a", "new", 10), lead("b", "new", 90)]);
  let news = 0;
  store.subscribeList(() => { news += 1; });
  const before = store.ids("new");
  store.patch({ upsert: [lead("a", "new", 20, 2)] });
  assert.equal(news, 0);
  assert.equal(store.ids("new"), before);
  store.patch({ upsert: [lead("a", "new", 95, 3)] });
  assert.equal(news, 1);
  assert.deepEqual(store.ids("new"), ["a", "b"]);
});

test("an older version that comes late changes nothing", () => {
  const store = board();
  store.replace([lead("a", "new", 10, 5)]);
  store.patch({ upsert: [lead("a", "won", 99, 4)] });
  assert.equal(store.row("a").stage, "new");
});

test("an unchanged row keeps its identity through a fresh snapshot", () => {
  const store = board();
  store.replace([lead("a", "new", 10)]);
  const before = store.row("a");
  store.replace([lead("a", "new", 10), lead("b", "new", 5)]);
  assert.equal(store.row("a"), before);
});

test("a move shows at once and survives news about other fields until the server has answered", () => {
  const store = board();
  store.replace([lead("a", "new", 10)]);
  store.suppose("a", { stage: "won" });
  assert.deepEqual(store.ids("won"), ["a"]);
  store.patch({ upsert: [lead("a", "new", 30, 2)] });
  assert.equal(store.row("a").stage, "won");
  assert.equal(store.row("a").score, 30);
  store.settle("a", lead("a", "won", 30, 3));
  assert.deepEqual(store.ids("won"), ["a"]);
});

test("a refused move goes back", () => {
  const store = board();
  store.replace([lead("a", "new", 10)]);
  store.suppose("a", { stage: "won" });
  store.settle("a", undefined);
  assert.deepEqual(store.ids("new"), ["a"]);
  assert.deepEqual(store.ids("won"), []);
});

test("what leaves the view is gone, and what never was in it is ignored", () => {
  const store = board();
  store.replace([lead("a", "new", 10)]);
  store.patch({ remove: ["a", "unknown"] });
  store.suppose("a", { stage: "won" });
  assert.equal(store.size, 0);
  assert.deepEqual(store.ids("new"), []);
});

test("counting moves: the fewest leads that have to change place", () => {
  assert.equal(countMoves(["a", "b", "c"], ["a", "b", "c"]), 0);
  assert.equal(countMoves(["a", "b", "c"], ["c", "a", "b"]), 1);
  assert.equal(countMoves(["a", "b", "c"], ["a", "c"]), 1);
  assert.equal(countMoves(["a", "b"], ["n", "a", "b"]), 1);
  assert.equal(countMoves(["a", "b", "c", "d"], ["d", "c", "b", "a"]), 3);
});

test("a flood of new leads leaves the best of each stage on the board, and a few to move up", () => {
  const store = new RowStore({ group: (row) => row.stage, compare: byScore, depth: 10 });
  for (let number = 0; number < 1000; number += 1) store.patch({ upsert: [lead(`l${number}`, "new", number % 500)] });
  assert.deepEqual(store.ids("new").map((id) => store.row(id).score), [499, 499, 498, 498, 497, 497, 496, 496, 495, 495]);
  assert.ok(store.size <= 30);
  store.patch({ remove: store.ids("new").slice(0, 5) });
  assert.equal(store.ids("new").length, 10);
  assert.deepEqual(store.row(store.ids("new")[0]).score, 497);
  assert.equal(store.lacks("new", 995), false);
  store.patch({ remove: store.ids("new") });
  assert.equal(store.lacks("new", 985), false);
  store.patch({ remove: store.ids("new").slice(0, 3) });
  store.patch({ remove: store.ids("new").slice(0, 9) });
  assert.equal(store.lacks("new", 973), true, "fewer are listed than there are");
});

test("a listed lead that falls below one that is not here is noticed", () => {
  const store = new RowStore({ group: (row) => row.stage, compare: byScore, depth: 3 });
  store.replace([lead("a", "new", 90), lead("b", "new", 80), lead("c", "new", 70)]);
  assert.equal(store.lacks("new", 3), false);
  assert.equal(store.lacks("new", 50), false);
  store.patch({ upsert: [lead("a", "new", 10, 2)] });
  assert.equal(store.lacks("new", 50), false, "the better half is as it was");
  store.patch({ upsert: [lead("b", "new", 20, 2)] });
  assert.equal(store.lacks("new", 50), true);
  assert.equal(store.lacks("new", 3), false, "everybody is here");
  store.replace([lead("c", "new", 70), lead("d", "new", 60), lead("e", "new", 50)]);
  assert.equal(store.lacks("new", 50), false);
});

test("rows that stand for themselves are kept without any list of them", () => {
  const store = new RowStore({ group: null });
  store.add([lead("a", "new", 10), lead("b", "new", 90)]);
  assert.deepEqual([store.size, store.ids("new"), store.row("a").flash], [2, [], 0]);
  const woken = [];
  store.subscribeRow("a", () => woken.push("a"));
  store.subscribeRow("b", () => woken.push("b"));
  store.patch({ upsert: [lead("b", "new", 91, 2)] });
  assert.deepEqual(woken, ["b"]);
});

test("a row that says more than the one before is taken, though nothing has changed about it", () => {
  const store = new RowStore({ group: null });
  store.replace([lead("a", "new", 10)]);
  store.replace([{ ...lead("a", "new", 10), phone: "+49301" }]);
  assert.equal(store.row("a").phone, "+49301");
  assert.equal(store.row("a").flash, 0);
});

test("an answer takes back what was supposed of its columns, and leaves what others are awaited for", () => {
  const store = board();
  store.replace([lead("a", "new", 10)]);
  store.suppose("a", { company: "IBM" });
  store.suppose("a", { title: "Dr" });
  store.settle("a", { ...lead("a", "new", 10, 2), company: "IBM", title: "" }, ["company"]);
  assert.deepEqual([store.row("a").company, store.row("a").title], ["IBM", "Dr"]);
  store.settle("a", undefined, ["title"]);
  assert.equal(store.row("a").title, "");
});

test("an answer that tells only a part leaves the rest of the row as it was", () => {
  const store = board();
  store.replace([{ ...lead("a", "new", 10), reason: "Executive" }]);
  store.suppose("a", { stage: "won" });
  store.settle("a", { id: "a", stage: "lost", version: 2 });
  assert.deepEqual({ ...store.row("a"), flash: 0, changed: [], moved: 0 }, { id: "a", stage: "lost", score: 10, version: 2, reason: "Executive", flash: 0, changed: [], moved: 0 });
  assert.deepEqual(store.ids("lost"), ["a"]);
});
