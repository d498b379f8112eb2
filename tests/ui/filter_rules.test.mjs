import assert from "node:assert/strict";
import { test } from "node:test";
import { blankDraft, conditionOf, draftOf } from "../../leadflow/ui/wrappers/filter_draft.js";
import { add, at, currencyOf, leavesOf, put, treeOf, turn, urlOf } from "../../leadflow/ui/wrappers/filter_rules.js";
import { sentence } from "../../leadflow/ui/wrappers/filter_words.js";

const A = { field: "score", op: "gte", value: 70 };
const B = { field: "owner", op: "any_of", value: ["me"] };
const C = { field: "touched_at", op: "is_empty" };
const url = (text) => new URLSearchParams(text);
const where = (node) => url({ where: JSON.stringify(node) });
const op = (key, label, takes) => ({ key, label, takes });
const FIELDS = [
  { key: "score", label: "Score", kind: "number", choices: null, operators: [op("gte", "is at least", "number"), op("between", "is between", "numbers")] },
  { key: "value", label: "Value", kind: "money", choices: null, operators: [op("gte", "is at least", "number"), op("between", "is between", "numbers"), op("is_empty", "is empty", "nothing")] },
  { key: "owner", label: "Owner", kind: "person", choices: [{ value: "me", label: "Me" }, ...["Ben", "Cleo", "Dora", "Eve"].map((name) => ({ value: name.toLowerCase(), label: name }))], operators: [op("any_of", "is", "choices"), op("none_of", "is not", "choices")] },
  { key: "country", label: "Country", kind: "choice", choices: null, operators: [op("any_of", "is", "choices")] },
  { key: "name", label: "Name", kind: "text", choices: null, operators: [op("contains", "contains", "text")] },
  { key: "captured_at", label: "Came in", kind: "date", choices: null, operators: [op("within", "within", "period"), op("over_days_ago", "more than … days ago", "count"), op("on", "on", "day"), op("between", "between", "days")] },
  { key: "touched_at", label: "Last touch", kind: "date", choices: null, operators: [op("within", "within", "period"), op("is_empty", "never happened", "nothing")] },
];
const field = (key) => FIELDS.find((each) => each.key === key);
const said = (condition, currency) => { const found = sentence(FIELDS, condition, currency); return found && `${found.label} ${found.words}`; };

test("the short parameters of old links are conditions like any other", () => {
  const { tree } = treeOf(url("stage=new,won&owner=me&source=fair&captured=7d&band=hot&q=ada"));
  assert.deepEqual(tree, { all: [
    { field: "stage", op: "any_of", value: ["new", "won"] }, { field: "source", op: "any_of", value: ["fair"] }, { field: "owner", op: "any_of", value: ["me"] },
    { field: "captured_at", op: "within", value: "last_7_days" },
  ] });
  assert.deepEqual(urlOf({ all: [A] }), { stage: "", source: "", owner: "", captured: "", where: JSON.stringify(A) });
});

test("short ones stand beside the conditions, and leave an any as it is", () => {
  assert.deepEqual(treeOf(where({ all: [A, B] })).tree, { all: [A, B] });
  assert.deepEqual(treeOf(where({ any: [A, B] })).tree, { any: [A, B] });
  assert.deepEqual(treeOf(where(A)).tree, { all: [A] });
  const both = url({ owner: "x", where: JSON.stringify({ any: [A, C] }) });
  assert.deepEqual(treeOf(both).tree, { all: [{ field: "owner", op: "any_of", value: ["x"] }, { any: [A, C] }] });
});

test("what comes from the URL goes back as it was", () => {
  for (const tree of [{ all: [A, B] }, { any: [A, { all: [B, C] }] }, { all: [A, { any: [B, { all: [C, A] }] }] }]) {
    assert.deepEqual(treeOf(url({ where: urlOf(tree).where })).tree, tree);
  }
  assert.equal(urlOf({ all: [] }).where, "");
});

test("what is no condition is told, and asks for nothing", () => {
  for (const text of ["{", "[]", "1", "null", '{"all":[]}', '{"all":[{"field":1,"op":"is"}]}', '{"all":[1]}', '{"field":"score"}', '{"all":[{"field":"a","op":"b"}],"any":[]}']) {
    assert.deepEqual(treeOf(url({ where: text })), { tree: { all: [] }, isUnread: true }, text);
  }
  assert.equal(treeOf(url("")).isUnread, false);
});

test("a place in the tree is changed, and nothing else", () => {
  const tree = { all: [A, { any: [B, C] }] };
  assert.deepEqual(at(tree, [1, 1]), C);
  assert.deepEqual(put(tree, [1, 0], A), { all: [A, { any: [A, C] }] });
  assert.deepEqual(add(tree, [1], A), { all: [A, { any: [B, C, A] }] });
  assert.deepEqual(add(tree, [], C), { all: [A, { any: [B, C] }, C] });
  assert.deepEqual(turn(tree, [1], "all"), { all: [A, { all: [B, C] }] });
  assert.deepEqual(turn(tree, [], "any"), { any: [A, { any: [B, C] }] });
  assert.deepEqual(put(tree, [0], null), { all: [{ any: [B, C] }] });
  assert.deepEqual(put(put(tree, [1, 0], null), [1, 0], null), { all: [A] }, "an empty group goes with its last");
  assert.deepEqual(tree, { all: [A, { any: [B, C] }] });
  assert.equal(leavesOf(tree).length, 3);
});

test("chips read as sentences", () => {
  assert.equal(said(A), "Score is at least 70");
  assert.equal(said({ field: "value", op: "gte", value: 1_000_000 }), "Value is at least 10,000");
  assert.equal(said({ field: "value", op: "gte", value: 1_000_000 }, "EUR"), "Value is at least €10,000");
  assert.equal(said({ field: "value", op: "between", value: [100, 250] }, "EUR"), "Value is between €1 and €2.50");
  assert.equal(said(B), "Owner is me");
  assert.equal(said({ field: "owner", op: "none_of", value: ["ben", "none"] }), "Owner is not Ben or nobody");
  assert.equal(said({ field: "owner", op: "any_of", value: ["ben", "cleo", "dora", "eve"] }), "Owner is Ben, Cleo or 2 more");
  assert.equal(said({ field: "owner", op: "any_of", value: ["0"] }), "Owner is somebody unknown");
  assert.equal(said({ field: "name", op: "contains", value: "ada" }), "Name contains “ada”");
  assert.equal(said({ field: "captured_at", op: "within", value: "last_7_days" }), "Came in the last 7 days");
  assert.equal(said({ field: "captured_at", op: "within", value: "this_week" }), "Came in this week");
  assert.equal(said({ field: "touched_at", op: "within", value: "last_1_months" }), "Last touch in the last month");
  assert.equal(said({ field: "captured_at", op: "over_days_ago", value: 14 }), "Came in more than 14 days ago");
  assert.equal(said({ field: "captured_at", op: "on", value: "2026-03-18" }), "Came in on Mar 18, 2026");
  assert.equal(said(C), "Last touch never happened");
});

test("what is not known here has no sentence", () => {
  for (const condition of [{ field: "shoe", op: "is", value: "x" }, { field: "score", op: "likes", value: 1 }, { field: "owner", op: "any_of" }, { field: "score", op: "between", value: 5 }]) {
    assert.equal(said(condition), null, JSON.stringify(condition));
  }
});

test("what is edited is what was there", () => {
  const conditions = [
    A, B, C, { field: "score", op: "between", value: [10, 20] }, { field: "value", op: "gte", value: 1_050 }, { field: "country", op: "any_of", value: ["DE", "FR"] },
    { field: "captured_at", op: "within", value: "today" }, { field: "captured_at", op: "within", value: "next_3_weeks" }, { field: "captured_at", op: "on", value: "2026-03-18" },
    { field: "captured_at", op: "between", value: ["2026-03-01", "2026-03-18"] }, { field: "captured_at", op: "over_days_ago", value: 30 }, { field: "name", op: "contains", value: "ada" },
  ];
  for (const condition of conditions) {
    for (const currency of [undefined, "EUR", "JPY"]) assert.deepEqual(conditionOf(field(condition.field), draftOf(field(condition.field), condition, currency), currency), { condition });
  }
});

test("what is missing is said, and what is the wrong way round is turned", () => {
  for (const each of FIELDS.filter(({ key }) => key !== "captured_at" && key !== "touched_at")) assert.ok(conditionOf(each, blankDraft(each)).problem, each.key);
  assert.deepEqual(conditionOf(field("captured_at"), blankDraft(field("captured_at"))).condition, { field: "captured_at", op: "within", value: "last_7_days" });
  assert.equal(conditionOf(field("score"), { ...blankDraft(field("score")), least: "1.5" }).problem, "Type a whole number.");
  assert.equal(conditionOf(field("value"), { ...blankDraft(field("value")), least: "12.50" }).condition.value, 1250);
  assert.deepEqual(conditionOf(field("score"), { ...blankDraft(field("score")), op: "between", least: "9", most: "2" }).condition.value, [2, 9]);
  assert.deepEqual(conditionOf(field("country"), { ...blankDraft(field("country")), text: " de, fr de " }).condition.value, ["DE", "FR"]);
  assert.ok(conditionOf(field("captured_at"), { ...blankDraft(field("captured_at")), many: "0" }).problem);
});

test("one currency for all that is asked for is that of its amounts", () => {
  const euro = { field: "currency", op: "any_of", value: ["EUR"] };
  assert.equal(currencyOf({ all: [A, euro] }), "EUR");
  assert.equal(currencyOf({ any: [A, euro] }), undefined);
  assert.equal(currencyOf({ all: [{ ...euro, value: ["EUR", "USD"] }] }), undefined);
});
