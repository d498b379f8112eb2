// Rows that many people watch: what the server said, plus what this person just did and awaits an answer for.
const FADE_MS = 10_000;
const KEPT = 3;

export class RowStore {
  #server = new Map();
  #pending = new Map();
  #shown = new Map();
  #groups = new Map();
  #rowListeners = new Map();
  #listListeners = new Set();
  #fades = new Map();
  #floors = new Map();
  #seq = 0;

  // Without a `group`, rows are kept one by one and no list is made of them. `depth`: only the best so many of a group are listed; some more are kept to move up when one of these leaves.
  constructor({ group = () => "all", compare = () => 0, depth = Infinity } = {}) {
    this.group = group;
    this.compare = compare;
    this.depth = depth;
    this.version = 0;
  }

  get size() { return this.#shown.size; }
  has(id) { return this.#shown.has(id); }
  row(id) { return this.#shown.get(id); }
  ids(group) { return this.#groups.get(group) ?? EMPTY; }

  // Whether the better half of a list may be wrong, because rows are missing here. `count`: rows of the group in all.
  lacks(group, count) {
    const ids = this.ids(group);
    const sure = Math.ceil(this.depth / 2);
    if (ids.length < Math.min(count, sure)) return true;
    const floor = this.#floors.get(group);
    const last = this.row(ids[Math.min(sure, ids.length) - 1]);
    return Boolean(floor && last && count > ids.length && this.compare(floor, last) < 0);
  }

  subscribeRow(id, listener) {
    if (!this.#rowListeners.has(id)) this.#rowListeners.set(id, new Set());
    this.#rowListeners.get(id).add(listener);
    return () => {
      const listeners = this.#rowListeners.get(id);
      listeners?.delete(listener);
      if (listeners?.size === 0) this.#rowListeners.delete(id);
    };
  }

  subscribeList(listener) {
    this.#listListeners.add(listener);
    return () => this.#listListeners.delete(listener);
  }

  // A fresh snapshot replaces everything; rows that did not change keep their identity.
  replace(rows) {
    const next = new Set(rows.map((row) => row.id));
    for (const id of [...this.#server.keys()]) if (!next.has(id)) this.#forget(id);
    for (const row of rows) this.#learn(row, false);
    this.#floors.clear();
    this.#regroup();
    for (const [key, ids] of this.#groups) if (ids.length === this.depth) this.#floors.set(key, this.row(ids.at(-1)));
  }

  // More rows, as they are: nothing has changed about them.
  add(rows) {
    for (const row of rows) this.#learn(row, false);
    this.#regroup();
  }

  patch({ upsert = [], remove = [] }) {
    for (const id of remove) this.#forget(id);
    for (const row of upsert) this.#learn(row, true);
    this.#regroup();
  }

  // Show a change before the server has confirmed it; `settle` replaces it by the truth.
  suppose(id, change) {
    if (!this.#server.has(id)) return;
    this.#pending.set(id, { ...this.#pending.get(id), ...change });
    this.#show(id, {});
    this.#regroup();
  }

  // `columns`: only what was supposed of these; other answers are still awaited.
  settle(id, row, columns) {
    const left = columns && Object.entries(this.#pending.get(id) ?? {}).filter(([column]) => !columns.includes(column));
    if (left?.length) this.#pending.set(id, Object.fromEntries(left));
    else this.#pending.delete(id);
    if (row && this.#server.has(id)) this.#learn(row, false);
    else if (this.#server.has(id)) this.#show(id, {});
    this.#regroup();
  }

  #learn(told, live) {
    const before = this.#server.get(told.id);
    const row = before ? { ...before, ...told } : told;
    if (before && before.version > row.version) return;
    if (before && before.version === row.version && before.score === row.score && before.reason === row.reason && !saysMore(row, before)) return;
    this.#server.set(row.id, row);
    if (!live) return this.#show(row.id, {});
    const changed = before ? Object.keys(row).filter((key) => row[key] !== before[key]) : ["*"];
    const moved = before && before.score !== row.score ? row.score - before.score : 0;
    this.#show(row.id, { flash: ++this.#seq, changed, ...(moved ? { moved } : {}) });
    if (moved) this.#fade(row.id);
  }

  #show(id, marks) {
    const { flash = 0, changed = EMPTY, moved = 0 } = this.#shown.get(id) ?? {};
    this.#shown.set(id, { flash, changed, moved, ...this.#server.get(id), ...this.#pending.get(id), ...marks });
    this.#rowListeners.get(id)?.forEach((listener) => listener());
  }

  #forget(id) {
    this.#server.delete(id);
    this.#pending.delete(id);
    this.#shown.delete(id);
    clearTimeout(this.#fades.get(id));
    this.#rowListeners.get(id)?.forEach((listener) => listener());
  }

  #fade(id) {
    clearTimeout(this.#fades.get(id));
    const timer = setTimeout(() => this.#shown.has(id) && this.#show(id, { moved: 0 }), FADE_MS);
    timer.unref?.();
    this.#fades.set(id, timer);
  }

  #regroup() {
    if (!this.group) return;
    const groups = new Map();
    for (const row of this.#shown.values()) {
      const key = this.group(row);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(row);
    }
    for (const [key, rows] of groups) {
      rows.sort(this.compare);
      const rest = rows.splice(this.depth * KEPT);
      if (rest.length) this.#floors.set(key, [...rest.slice(0, 1), this.#floors.get(key) ?? rest[0]].sort(this.compare)[0]);
      for (const row of rest) this.#pending.has(row.id) || this.#forget(row.id);
      groups.set(key, rows.slice(0, this.depth).map((row) => row.id));
    }
    for (const [key, ids] of this.#groups) {
      if (groups.has(key) ? same(groups.get(key), ids) : ids.length === 0) groups.set(key, ids);
      else if (!groups.has(key)) groups.set(key, EMPTY);
    }
    const changed = groups.size !== this.#groups.size || [...groups].some(([key, ids]) => this.#groups.get(key) !== ids);
    this.#groups = groups;
    if (!changed) return;
    this.version += 1;
    this.#listListeners.forEach((listener) => listener());
  }
}

const EMPTY = Object.freeze([]);

// A row that has columns which the one of before did not have.
const saysMore = (row, before) => Object.keys(row).some((key) => !(key in before));

function same(a, b) {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

// How many leads have to move, appear or vanish to get from the order on screen to the true one.
export function countMoves(held, live) {
  const place = new Map(held.map((id, index) => [id, index]));
  const kept = live.filter((id) => place.has(id)).map((id) => place.get(id));
  const tails = [];
  for (const value of kept) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tails[middle] < value) low = middle + 1;
      else high = middle;
    }
    tails[low] = value;
  }
  return live.length - tails.length + (held.length - kept.length);
}
