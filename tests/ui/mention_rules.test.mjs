import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, mentionAt, mentioned, pieces, withMention } from "../../leadflow/ui/wrappers/mention_rules.js";

const CLEO = { id: "1", name: "Cleo" };
const CLEOPATRA = { id: "2", name: "Cleo Patra" };
const BEN = { id: "3", name: "Ben Ødegård" };
const here = (text) => mentionAt(text, text.length);

test("a mention begins with @ that does not stand in a word, and ends with the line", () => {
  assert.deepEqual(here("@"), { from: 0, typed: "" });
  assert.deepEqual(here("Ask @cle"), { from: 4, typed: "cle" });
  assert.deepEqual(here("(@Cleo P"), { from: 1, typed: "Cleo P" });
  for (const none of ["", "Ask", "cleo@example", "@ now", "@cleo\n", `@${"x".repeat(60)}`]) assert.equal(here(none), null, none);
  assert.deepEqual(mentionAt("@be and more", 3), { from: 0, typed: "be" });
});

test("people fit by the beginning of each of their names, marks aside", () => {
  assert.deepEqual(fitting([BEN, CLEOPATRA, CLEO], "").length, 3);
  assert.deepEqual(fitting([BEN, CLEOPATRA, CLEO], "cleo"), [CLEOPATRA, CLEO]);
  assert.deepEqual(fitting([CLEOPATRA, { id: "4", name: "Patricia" }], "pat").map((each) => each.id), ["4", "2"]);
  assert.deepEqual(fitting([BEN], "ødeg"), [BEN]);
  assert.deepEqual(fitting([BEN], "x"), []);
  assert.equal(fitting(Array(20).fill(CLEO), "c").length, 6);
});

test("who is chosen stands in the text by name, and the caret behind it", () => {
  assert.deepEqual(withMention("Ask @cl about it", 7, { from: 4, typed: "cl" }, "Cleo"), { text: "Ask @Cleo about it", caret: 10 });
  assert.deepEqual(withMention("@", 1, { from: 0, typed: "" }, "Cleo"), { text: "@Cleo ", caret: 6 });
});

test("who is no longer in the text is not mentioned, and the longer name is meant", () => {
  assert.deepEqual(mentioned("@Cleo Patra, see this", [CLEO, CLEOPATRA]), ["2"]);
  assert.deepEqual(mentioned("@Cleo and @Cleo", [CLEO, CLEOPATRA]), ["1"]);
  assert.deepEqual(mentioned("@Cleopatra", [CLEO]), []);
  assert.deepEqual(mentioned("nobody", [CLEO]), []);
});

test("no letter is lost between the pieces", () => {
  for (const text of ["", "@", "@Cleo", "a @Cleo b @Ben Ødegård!", "@Nobody @Cleo Patra"]) {
    assert.equal(pieces(text, [CLEO, CLEOPATRA, BEN]).map((each) => each.text).join(""), text);
  }
});
