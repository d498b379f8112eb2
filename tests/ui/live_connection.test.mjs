import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { LiveConnection } from "../../leadflow/ui/wrappers/live_connection.js";

function feed() {
  const sockets = [];
  const ended = [];
  const connection = new LiveConnection(() => {
    const socket = { readyState: 0, sent: [], send: (text) => socket.sent.push(JSON.parse(text)), close: () => socket.onclose({ code: 1006 }) };
    sockets.push(socket);
    return socket;
  }, { onEnd: (reason) => ended.push(reason ?? "ended") });
  const open = () => {
    sockets.at(-1).readyState = 1;
    sockets.at(-1).onopen();
  };
  const say = (frame) => sockets.at(-1).onmessage({ data: JSON.stringify(frame) });
  const drop = (code = 1006) => {
    sockets.at(-1).readyState = 3;
    sockets.at(-1).onclose({ code });
  };
  return { connection, sockets, ended, open, say, drop };
}

function timers(work) {
  return () => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
    try { work(); } finally { mock.timers.reset(); }
  };
}

const BOARD = { view: "board", filter: { owner: null } };

test("the first subscriber opens the socket and asks for a snapshot", timers(() => {
  const { connection, sockets, open, say } = feed();
  const seen = [];
  connection.subscribe(BOARD, { snapshot: (frame) => seen.push(frame.rows) });
  assert.equal(sockets.length, 1);
  open();
  assert.equal(connection.status, "connecting");
  const [question] = sockets[0].sent;
  assert.deepEqual({ op: question.op, view: question.view, since: question.since }, { op: "subscribe", view: "board", since: null });
  say({ op: "snapshot", id: question.id, sub: "s1", rev: "7", rows: ["row"] });
  assert.deepEqual(seen, [["row"]]);
  assert.equal(connection.status, "live");
}));

test("one patch reaches every subscriber of its signature", timers(() => {
  const { connection, sockets, open, say } = feed();
  const seen = [];
  connection.subscribe(BOARD, { patch: () => seen.push("one") });
  connection.subscribe(BOARD, { patch: () => seen.push("two") });
  connection.subscribe({ view: "table" }, { patch: () => seen.push("other") });
  open();
  const [one, two, three] = sockets[0].sent.map((message) => message.id);
  say({ op: "snapshot", id: one, sub: "s1", rev: "1", rows: [] });
  say({ op: "snapshot", id: two, sub: "s1", rev: "1", rows: [] });
  say({ op: "snapshot", id: three, sub: "s2", rev: "1", rows: [] });
  say({ op: "patch", sub: "s1", rev: "2", upsert: [] });
  assert.deepEqual(seen, ["one", "two"]);
}));

test("after a loss it comes back by itself and asks only for what it missed", timers(() => {
  const { connection, sockets, open, say, drop } = feed();
  const seen = [];
  connection.subscribe(BOARD, { snapshot: () => seen.push("snapshot"), patch: (frame) => seen.push(frame.rev) });
  open();
  say({ op: "snapshot", id: sockets[0].sent[0].id, sub: "s1", rev: "7", rows: [] });
  say({ op: "patch", sub: "s1", rev: "9" });
  drop();
  assert.equal(connection.status, "offline");
  mock.timers.tick(400);
  assert.equal(sockets.length, 2);
  open();
  assert.equal(connection.status, "catching_up");
  assert.equal(sockets[1].sent[0].since, "9");
  say({ op: "subscribed", id: sockets[1].sent[0].id, sub: "s4", rev: "12" });
  assert.equal(connection.status, "live");
  say({ op: "patch", sub: "s4", rev: "12" });
  assert.deepEqual(seen, ["snapshot", "9", "12"]);
}));

test("the pauses between attempts grow, and waking up does not wait for them", timers(() => {
  const { connection, sockets, drop } = feed();
  connection.subscribe(BOARD, {});
  for (let attempt = 0; attempt < 6; attempt += 1) {
    drop();
    mock.timers.tick(11_000);
  }
  assert.equal(sockets.length, 7);
  drop();
  mock.timers.tick(1_000);
  assert.equal(sockets.length, 7);
  connection.wake();
  assert.equal(sockets.length, 8);
}));

test("a reset asks again from the beginning", timers(() => {
  const { connection, sockets, open, say } = feed();
  let stale = 0;
  connection.subscribe({ view: "table" }, { stale: () => { stale += 1; } });
  open();
  say({ op: "snapshot", id: sockets[0].sent[0].id, sub: "s1", rev: "7", rows: [] });
  say({ op: "reset", sub: "s1" });
  assert.equal(stale, 1);
  assert.equal(sockets[0].sent.at(-1).since, null);
}));

test("a picture for everybody replaces what is shown", timers(() => {
  const { connection, sockets, open, say } = feed();
  const seen = [];
  connection.subscribe(BOARD, { snapshot: (frame) => seen.push(frame.rev) });
  open();
  say({ op: "snapshot", id: sockets[0].sent[0].id, sub: "s1", rev: "7", rows: [] });
  say({ op: "snapshot", sub: "s1", rev: "8", rows: [] });
  assert.deepEqual(seen, ["7", "8"]);
}));

test("figures arrive with the answer to the question and live", timers(() => {
  const { connection, sockets, open, say } = feed();
  const seen = [];
  connection.subscribe({ view: "kpis" }, { kpis: (values) => seen.push(values.new_today) });
  open();
  say({ op: "kpis", id: sockets[0].sent[0].id, sub: "s2", values: { new_today: 1 } });
  say({ op: "kpis", sub: "s2", values: { new_today: 2 } });
  assert.deepEqual(seen, [1, 2]);
  assert.equal(connection.status, "live");
}));

test("totals of groups arrive as a whole first, then as they change", timers(() => {
  const { connection, sockets, open, say } = feed();
  const seen = [];
  connection.subscribe({ view: "groups", by: "stage", filter: {} }, { groups: ({ groups, all = false }) => seen.push([groups, all]) });
  open();
  assert.equal(sockets[0].sent[0].by, "stage");
  say({ op: "groups", id: sockets[0].sent[0].id, sub: "s3", all: true, groups: { new: { count: 1 } }, capped: false });
  say({ op: "groups", sub: "s3", groups: { new: null }, capped: false });
  assert.deepEqual(seen, [[{ new: { count: 1 } }, true], [{ new: null }, false]]);
}));

test("a refusal is told to the one who asked and does not keep the others waiting", timers(() => {
  const { connection, sockets, open, say } = feed();
  const refused = [];
  connection.subscribe({ view: "kpis" }, { refused: (message) => refused.push(message) });
  connection.subscribe(BOARD, {});
  open();
  say({ op: "error", id: sockets[0].sent[0].id, message: "You may not watch this." });
  say({ op: "snapshot", id: sockets[0].sent[1].id, sub: "s1", rev: "7", rows: [] });
  assert.deepEqual(refused, ["You may not watch this."]);
  assert.equal(connection.status, "live");
}));

test("a server that starts anew, or other rights, are no reason to leave the page", timers(() => {
  const { connection, sockets, ended, open, say, drop } = feed();
  connection.subscribe(BOARD, {});
  for (const reason of ["restarting", "rights_changed"]) {
    open();
    say({ op: "bye", reason });
    drop(4409);
    mock.timers.tick(10_000);
  }
  assert.deepEqual(ended, []);
  assert.equal(sockets.length, 3);
}));

test("whoever comes back under another reach forgets what was shown, and says what that was", timers(() => {
  const { connection, sockets, open, say, drop } = feed();
  const seen = [];
  connection.subscribe(BOARD, { snapshot: (frame) => seen.push(frame.rows), stale: () => seen.push("stale") });
  open();
  const [question] = sockets[0].sent;
  say({ op: "snapshot", id: question.id, sub: "s1", rev: "7", reach: "north", rows: ["hers"] });
  drop(4409);
  mock.timers.tick(1_000);
  open();
  const again = sockets[1].sent.find((message) => message.op === "subscribe");
  assert.deepEqual([again.since, again.reach], ["7", "north"]);
  say({ op: "snapshot", id: again.id, sub: "s2", rev: "9", reach: "berlin", rows: ["his"] });
  assert.deepEqual(seen, [["hers"], "stale", ["his"]]);
}));

test("an ended session does not knock again", timers(() => {
  const { connection, sockets, ended, open, drop } = feed();
  connection.subscribe(BOARD, {});
  open();
  drop(4401);
  mock.timers.tick(60_000);
  assert.equal(sockets.length, 1);
  assert.deepEqual(ended, ["ended"]);
}));

test("whose rights have changed comes back", timers(() => {
  const { connection, sockets, ended, open, say, drop } = feed();
  connection.subscribe(BOARD, {});
  open();
  say({ op: "bye", reason: "rights_changed" });
  drop(4409);
  mock.timers.tick(1_000);
  assert.equal(sockets.length, 2);
  assert.deepEqual(ended, []);
}));

test("a connection that has gone silent is replaced", timers(() => {
  const { connection, sockets, open } = feed();
  connection.subscribe(BOARD, {});
  open();
  mock.timers.tick(15_000);
  assert.equal(sockets[0].sent.at(-1).op, "ping");
  mock.timers.tick(30_000);
  mock.timers.tick(1_000);
  assert.ok(sockets.length > 1);
}));

test("who has left is not answered", timers(() => {
  const { connection, sockets, open, say } = feed();
  let seen = 0;
  const leave = connection.subscribe(BOARD, { patch: () => { seen += 1; } });
  open();
  say({ op: "snapshot", id: sockets[0].sent[0].id, sub: "s1", rev: "7", rows: [] });
  leave();
  say({ op: "patch", sub: "s1", rev: "8" });
  assert.equal(seen, 0);
  assert.equal(sockets[0].sent.at(-1).op, "unsubscribe");
}));

for (const [of, other] of [["offers", "tasks"], ["tasks", "offers"], ["notifications", "tasks"]]) {
  test(`news of ${of} are told to whoever asked for them, and are no frames of a subscription`, timers(() => {
    const { connection, open, say } = feed();
    const patches = [];
    let heard = 0;
    const stop = connection.onNews(of, () => { heard += 1; });
    connection.subscribe(BOARD, { patch: (frame) => patches.push(frame) });
    open();
    say({ op: of });
    say({ op: other });
    stop();
    say({ op: of });
    assert.equal(heard, 1);
    assert.deepEqual(patches, []);
  }));
}

test("who else is at a lead is told to that lead's page, and is unknown once the connection is lost", timers(() => {
  const { connection, open, say, drop } = feed();
  const here = { one: [], other: [] };
  connection.subscribe({ view: "lead", filter: { lead: "7" } }, { presence: (people) => here.one.push(people) });
  connection.subscribe({ view: "lead", filter: { lead: "8" } }, { presence: (people) => here.other.push(people) });
  open();
  say({ op: "presence", lead: "7", people: ["ben"] });
  assert.deepEqual(here, { one: [["ben"]], other: [] });
  drop();
  assert.deepEqual(here, { one: [["ben"], []], other: [[]] });
}));

test("whether somebody is still there is answered at once", timers(() => {
  const { connection, sockets, open, say } = feed();
  connection.subscribe({ view: "lead", filter: { lead: "7" } }, {});
  open();
  say({ op: "here" });
  assert.deepEqual(sockets[0].sent.at(-1), { op: "here" });
}));

test("when the network goes, the connection is lost at once and what the old socket says is not heard", timers(() => {
  const { connection, sockets, open, say } = feed();
  const seen = [];
  connection.subscribe(BOARD, { patch: () => seen.push("late") });
  open();
  const [question] = sockets[0].sent;
  say({ op: "snapshot", id: question.id, sub: "s1", rev: "7", rows: [] });
  connection.lose();
  assert.equal(connection.status, "offline");
  sockets[0].onmessage({ data: JSON.stringify({ op: "patch", sub: "s1", rev: "8", upsert: [] }) });
  assert.deepEqual(seen, []);
  connection.wake();
  assert.equal(sockets.length, 2);
  connection.lose();
  connection.lose();
  assert.equal(connection.status, "offline");
}));
