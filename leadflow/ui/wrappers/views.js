// Saved views: asked for once for all that shows them, and again when the feed says that they have changed.
import { useSyncExternalStore } from "react";
import { News } from "./news.js";
import { rest } from "./rest.js";
import { failed, toast } from "./toasts.jsx";
import { LONGEST_NAME, freeName } from "./view_params.js";

const PATH = "/views";
const NOTHING = { board: {}, list: {} };

class Views {
  #listeners = new Set();
  #news = new News("views");
  #stop = null;
  #turn = 0;
  state = { items: [], defaults: NOTHING, isLoaded: false, error: null };

  watch = (listener) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#stop = this.#news.watch(this.reload);
      this.reload();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  };

  read = () => this.state;

  set(part) {
    this.state = { ...this.state, ...part };
    this.#listeners.forEach((listener) => listener());
  }

  reload = async () => {
    const mine = ++this.#turn;
    try {
      const { items, defaults } = await rest("GET", PATH);
      if (mine === this.#turn) this.set({ items, defaults, isLoaded: true, error: null });
    } catch (error) {
      if (mine === this.#turn) this.set({ error });
    }
  };
}

const views = new Views();
export const useViews = () => useSyncExternalStore(views.watch, views.read);
export const reloadViews = views.reload;

// Done, shown, and its answer; null when the server refused, which is said.
async function told(attempt, otherwise) {
  try {
    const answer = await attempt();
    await views.reload();
    return answer ?? true;
  } catch (error) {
    failed(otherwise, error);
    views.reload();
    return null;
  }
}

const of = (view) => `${PATH}/${view.id}`;
const quoted = (view) => `“${view.name}”`;

// Throws what the server refuses, so that a form can say it beside the field.
export async function saveView(body) {
  const made = await rest("POST", PATH, body);
  await views.reload();
  return made;
}

export async function changeView(view, change) {
  const changed = await rest("PATCH", of(view), change);
  await views.reload();
  return changed;
}

export async function duplicateView(view) {
  const { layout, icon, params } = view;
  const name = freeName(`${view.name} copy`.slice(0, LONGEST_NAME), views.state.items);
  const made = await told(() => rest("POST", PATH, { name, layout, icon, params }), "The view was not duplicated.");
  if (made) toast(`${quoted(made)} is yours.`, { undo: () => told(() => rest("DELETE", of(made)), "The view was not deleted.") });
}

export async function shareView(view, isShared, isUndo = false) {
  const done = await told(() => rest("PATCH", of(view), { is_shared: isShared }), isShared ? "The view was not shared." : "The view is still shared.");
  const word = isShared ? `Everybody finds ${quoted(view)} now.` : `${quoted(view)} is no longer shared.`;
  if (done) toast(word, { undo: isUndo || !view.is_mine ? null : () => shareView(view, !isShared, true) });
}

export async function pinView(view, isPinned, isUndo = false) {
  const done = await told(() => rest(isPinned ? "PUT" : "DELETE", `${of(view)}/pin`), isPinned ? "The view was not pinned." : "The view is still pinned.");
  if (done) toast(`${quoted(view)} is ${isPinned ? "pinned" : "no longer pinned"}.`, { undo: isUndo ? null : () => pinView(view, !isPinned, true) });
}

// Tabs in a new order, shown before the server agrees.
export async function arrangeViews(tabs, view, to) {
  const others = tabs.filter((each) => each.id !== view.id);
  const ids = [...others.slice(0, to), view, ...others.slice(to)].map((each) => each.id);
  const places = tabs.map((each) => each.pin).sort((one, other) => one - other);
  views.set({ items: views.state.items.map((each) => (ids.includes(each.id) ? { ...each, pin: places[ids.indexOf(each.id)] } : each)) });
  return told(() => rest("PUT", `${PATH}/pins`, { views: ids }), "The order was not changed.");
}

// `view` is a view's id, "all", or null for none.
export async function chooseDefault(layout, whose, view, said, isUndo = false) {
  const before = views.state.defaults[layout][whose === "me" ? "mine" : "organization"] ?? null;
  const done = await told(() => rest("PUT", `${PATH}/default`, { layout, whose, view }), "The default was not changed.");
  if (done) toast(said, { undo: isUndo ? null : () => chooseDefault(layout, whose, before, "The default is as it was.", true) });
}

export async function takeView(view, me) {
  const done = await told(() => rest("PATCH", of(view), { owner: me.account.id }), "The view was not taken over.");
  if (done) toast(`${quoted(view)} is yours now.`);
}

export async function deleteView(view, onBack) {
  const back = async () => { if (await told(() => rest("POST", `${of(view)}/restore`), "The view was not restored.")) onBack?.(); };
  const done = await told(() => rest("DELETE", of(view)), "The view was not deleted.");
  if (done) toast(`Deleted: ${quoted(view)}`, { undo: back });
  return done;
}
