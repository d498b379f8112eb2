// When to ask again for what the feed only says has changed: tasks, offers. Whoever comes back to a page, or whose connection
// does, may have missed something; so may have who had asked before the connection stood.
import { useEffect, useState } from "react";
import { onLiveStatus, onNews } from "./live.js";

const MERGE_MS = 60;

// `changed` when the feed says so, `back` when something may have been missed; answers with how to stop.
export function whenChanged(of, changed, back) {
  const wake = () => document.hidden || back();
  document.addEventListener("visibilitychange", wake);
  const stops = [
    onNews(of, changed),
    onLiveStatus((status) => status === "live" && back()),
    () => document.removeEventListener("visibilitychange", wake),
  ];
  return () => stops.forEach((stop) => stop());
}

// Tells all who watch, with a number that grows; several changes at once are told once.
export class News {
  #of;
  #listeners = new Set();
  #stop = null;
  #timer = null;
  #beat = 0;

  constructor(of) {
    this.#of = of;
  }

  watch = (listener) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#stop = whenChanged(this.#of, this.tell, this.tell);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop();
      clearTimeout(this.#timer);
    };
  };

  tell = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#beat += 1;
      this.#listeners.forEach((listener) => listener(this.#beat));
    }, MERGE_MS);
  };
}

export function useNews(news) {
  const [beat, setBeat] = useState(0);
  useEffect(() => news.watch(setBeat), [news]);
  return beat;
}
