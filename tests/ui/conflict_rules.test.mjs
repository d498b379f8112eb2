import assert from "node:assert/strict";
import { test } from "node:test";
import { questions, resolved, unanswered } from "../../leadflow/ui/wrappers/conflict_rules.js";

const clash = (field, before, theirs, mine, by = "Ben", at = 5) => ({ field, before, theirs, mine, by, at });
const COMPANY = clash("company", "Navy", "IBM", "DEC");
const MONEY = [clash("value", 100, 100, 200, "", null), clash("currency", "EUR", "USD", "EUR")];
const request = { change: { company: "DEC", title: "Cpt" }, seen: { company: "Navy", title: null } };

test("an amount and its currency are one question", () => {
  const [company, money] = questions([...MONEY, COMPANY]);
  assert.equal(company.field, "company");
  assert.deepEqual(money, { field: "value", columns: ["value", "currency"], before: { value: 100, currency: "EUR" }, theirs: { value: 100, currency: "USD" }, mine: { value: 200, currency: "EUR" }, by: "Ben", at: 5 });
});

test("what is theirs is not sent, and the rest of the request is", () => {
  assert.deepEqual(resolved(request, [COMPANY], { company: "theirs" }), { change: { title: "Cpt" }, seen: { title: null } });
});

test("whatever else is chosen is sent with theirs as seen", () => {
  const seen = { company: "IBM", title: null };
  assert.deepEqual(resolved(request, [COMPANY], { company: "mine" }), { change: { company: "DEC", title: "Cpt" }, seen });
  assert.deepEqual(resolved(request, [COMPANY], { company: "before" }), { change: { company: "Navy", title: "Cpt" }, seen });
  assert.deepEqual(resolved(request, [COMPANY], { company: { company: "DEC and IBM" } }), { change: { company: "DEC and IBM", title: "Cpt" }, seen });
});

test("a choice about money is one about both", () => {
  const change = { value: 200, currency: "EUR" };
  const seen = { value: 100, currency: "EUR" };
  assert.deepEqual(resolved({ change, seen }, MONEY, { value: "mine" }), { change, seen: { value: 100, currency: "USD" } });
  assert.deepEqual(resolved({ change, seen }, MONEY, { value: "theirs" }), { change: {}, seen: {} });
});

test("nothing is chosen for anybody", () => {
  assert.deepEqual(unanswered([COMPANY, ...MONEY], { value: "mine" }), ["company"]);
  assert.deepEqual(unanswered([COMPANY], { company: { company: "" } }), []);
});

test("the request that was answered is left as it was", () => {
  resolved(request, [COMPANY], { company: "theirs" });
  assert.deepEqual(request, { change: { company: "DEC", title: "Cpt" }, seen: { company: "Navy", title: null } });
});
