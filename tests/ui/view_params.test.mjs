// What of an address belongs to a view, which view it shows, and how views are found and named.
import assert from "node:assert/strict";
import test from "node:test";
import {
  LONGEST_NAME, addressOf, currentOf, freeName, isSame, matching, namesOnly, openable, paramsOf, saysNothing, sectionsOf, tabsOf, titlesOf,
} from "../../leadflow/ui/wrappers/view_params.js";

const search = (text) => new URLSearchParams(text);
const view = (id, part = {}) => ({ id, name: id, layout: "list", params: {}, withheld: [], pin: null, is_mine: true, owner_name: "Ben", ...part });
const names = (views) => views.map((each) => each.name);

test("of an address, a view holds what it knows and nothing that is empty", () => {
  assert.deepEqual(paramsOf(search("view=1&band=hot&q=%20grace%20&stage=&edit=x&where=a%26b")), { q: "grace", band: "hot", where: "a&b" });
});

test("the order of several values means nothing, that of columns and sorting does", () => {
  assert.ok(isSame({ stage: "new,won" }, { stage: "won,new" }));
  assert.ok(isSame({}, { stage: "" }));
  assert.ok(!isSame({ sort: "-score,name" }, { sort: "name,-score" }));
  assert.ok(!isSame({ columns: "name,value" }, { columns: "value,name" }));
  assert.ok(!isSame({ band: "hot" }, {}));
});

test("an address says nothing without filters and without a view", () => {
  assert.ok(saysNothing(search("")));
  assert.ok(saysNothing(search("edit=x&q=")));
  assert.ok(!saysNothing(search("view=all")));
  assert.ok(!saysNothing(search("q=x")));
  assert.ok(namesOnly(search("view=1")));
  assert.ok(!namesOnly(search("view=all")));
  assert.ok(!namesOnly(search("view=1&q=x")));
});

test("an address of a view carries all that it holds, so that it works for everybody", () => {
  const hot = view("7", { params: { q: "a&b", band: "hot", secret: "x" } });
  const address = addressOf("list", hot);
  assert.equal(address, "/leads?view=7&q=a%26b&band=hot");
  assert.deepEqual(paramsOf(search(address.split("?")[1])), { q: "a&b", band: "hot" });
  assert.equal(addressOf("board", null), "/?view=all");
});

test("the view of an address is one of this page that may be seen, and is changed when the address says something else", () => {
  const views = [view("1", { params: { band: "hot" } }), view("2", { layout: "board" }), view("3", { withheld: ["source"] })];
  const at = (text) => { const { view: found, isChanged } = currentOf(views, search(text), "list"); return [found?.id ?? null, isChanged]; };
  assert.deepEqual(at("view=1&band=hot"), ["1", false]);
  assert.deepEqual(at("view=1&band=warm"), ["1", true]);
  assert.deepEqual(at("view=1"), ["1", true]);
  assert.deepEqual(at("view=all"), [null, false]);
  assert.deepEqual(at("view=all&q=x"), [null, true]);
  assert.deepEqual(at(""), [null, false]);
  for (const other of ["2", "3", "gone"]) assert.deepEqual(at(`view=${other}&band=hot`), [null, true]);
  assert.deepEqual(names(openable(views)), ["1", "2"]);
});

test("tabs are those of the page, in their order; every view stands in one section", () => {
  const views = [view("a", { pin: 2 }), view("b", { pin: 1 }), view("c", { pin: 3, layout: "board" }), view("d"), view("e", { is_mine: false }), view("f", { is_mine: false, pin: 4 })];
  assert.deepEqual(names(tabsOf(views, "list")), ["b", "a", "f"]);
  const { tabs, own, shared } = sectionsOf(views, "list");
  assert.deepEqual([names(tabs), names(own), names(shared)], [["b", "a", "f"], ["d", "c"], ["e"]]);
});

test("views are found by the beginnings of their words, whatever case and accents, and by whose they are", () => {
  const views = [view("Hot in Köln"), view("Cold"), view("Pipeline", { is_mine: false, owner_name: "Ada Lovelace" })];
  assert.deepEqual(names(matching(views, "koln ho")), ["Hot in Köln"]);
  assert.deepEqual(names(matching(views, "love")), ["Pipeline"]);
  assert.deepEqual(names(matching(views, "ben")), []);
  assert.equal(matching(views, "  ").length, 3);
});

test("a free name is nobody's and fits", () => {
  assert.equal(freeName("Hot", [view("HOT"), view("hot 2")]), "Hot 3");
  const long = "x".repeat(LONGEST_NAME);
  const free = freeName(long, [view(long)]);
  assert.equal(free.length, LONGEST_NAME);
  assert.ok(free.endsWith(" 2"));
});

test("two of one name are told apart by whose they are", () => {
  const views = [view("Hot"), view("hot", { is_mine: false, owner_name: "Ada" }), view("Cold", { is_mine: false })];
  assert.deepEqual(titlesOf(views), ["Hot", "hot (Ada)", "Cold"]);
});
