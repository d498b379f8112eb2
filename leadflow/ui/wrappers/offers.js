// What is offered to me: asked once for the whole page, and again when the feed says that it has changed.
import { useCallback, useSyncExternalStore } from "react";
import { may, useMe } from "./frame.jsx";
import { whenChanged } from "./news.js";
import { rest } from "./rest.js";

const MERGE_MS = 400;
// Everybody hears of an offer at the same moment, and need not ask at the same moment.
const SPREAD_MS = 600;
const STALE_MS = 60_000;

class Offers {
  listeners = new Set();
  state = { items: [], total: 0, error: null };
  #stop = null;
  #timer = null;
  #isAsking = false;

  watch = (listener) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.#start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.#end();
    };
  };

  read = () => this.state;
  has = (id) => this.state.items.some((each) => each.id === id);

  #start() {
    this.#stop = whenChanged("offers", () => this.#askIn(MERGE_MS / 2 + SPREAD_MS * Math.random()), () => this.#askIn(0));
    this.reload();
  }

  #end() {
    this.#stop();
    clearTimeout(this.#timer);
  }

  #askIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.reload, milliseconds);
  }

  #set(state) {
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }

  // What runs out is somebody's soon after; what nobody told of is found within a minute.
  #later() {
    if (this.state.items.length === 0) return;
    const ends = this.state.items.map((each) => each.until - Date.now()).filter((left) => left > 0);
    this.#askIn(Math.min(STALE_MS, ...ends.map((left) => left + 2_000)));
  }

  reload = async () => {
    if (this.#isAsking) return this.#askIn(MERGE_MS);
    this.#isAsking = true;
    try {
      if (!document.hidden || !this.state.items.length) {
        const { items, total } = await rest("GET", "/offers");
        this.#set({ items, total, error: null });
      }
    } catch (error) {
      this.#set({ ...this.state, error });
    } finally {
      this.#isAsking = false;
      if (this.listeners.size) this.#later();
    }
  };

  // The lead that was claimed; throws what the server refuses. Either way it is offered no longer.
  claim = async (id) => {
    try {
      return (await rest("POST", `/leads/${id}/claim`)).lead;
    } finally {
      const items = this.state.items.filter((each) => each.id !== id);
      this.#set({ ...this.state, items, total: this.state.total - (this.state.items.length - items.length) });
      this.#askIn(MERGE_MS);
    }
  };
}

const offers = new Offers();
const nobody = () => () => {};

export const claim = offers.claim;

export function useOffers() {
  const watch = may(useMe(), "leads.write") ? offers.watch : nobody;
  return useSyncExternalStore(watch, offers.read);
}

export function useIsOffered(id) {
  const watch = may(useMe(), "leads.write") ? offers.watch : nobody;
  const read = useCallback(() => offers.has(id), [id]);
  return useSyncExternalStore(watch, read);
}
