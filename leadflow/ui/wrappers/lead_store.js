// The lead that the page is about: loaded once for all its parts, refreshed when the live feed says so.
import { useSyncExternalStore } from "react";
import { useParams } from "react-router";
import { onSettled } from "./edits.js";
import { rest, subscribe } from "./kit.js";
import "./lead.css";

const REFRESH_MS = 120;

class OpenLead {
  listeners = new Set();
  state = { lead: null, score: null, history: [], change: null, error: null, beat: 0, intent: null, here: [] };
  #stop = null;
  #unsettle = null;
  #timer = null;

  constructor(id) {
    this.id = id;
  }

  watch = (listener) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.#start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.#end();
    };
  };

  read = () => this.state;

  #start() {
    this.reload();
    const filter = { owner: null, band: null, stage: null, source: null, q: null, lead: this.id };
    this.#unsettle = onSettled((id) => id === this.id && this.reload());
    this.#stop = subscribe({ view: "lead", filter }, {
      presence: (here) => this.set({ here }),
      patch: ({ upsert = [] }) => {
        const row = upsert.find((each) => each.id === this.id);
        if (row && this.state.lead && row.version >= this.state.lead.version) this.set({ lead: { ...this.state.lead, ...row } });
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.reload, REFRESH_MS);
      },
    });
  }

  #end() {
    this.#stop?.();
    this.#unsettle?.();
    clearTimeout(this.#timer);
    open.delete(this.id);
  }

  set(change) {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }

  // What a next step asks another part of the page to open: {log: "call"} or {edit: "phone"}.
  intend = (intent) => this.set({ intent });

  reload = async () => {
    try {
      const answer = await rest("GET", `/leads/${this.id}`);
      this.set({ lead: answer.lead, score: answer.score, history: answer.history ?? [], change: answer.change ?? null, error: null, beat: this.state.beat + 1 });
    } catch (error) {
      this.set({ error });
    }
  };

  adopt = (lead) => lead && this.set({ lead: { ...this.state.lead, ...lead } });
}

const open = new Map();

export function useLead() {
  const { lead_id: id } = useParams();
  if (!open.has(id)) open.set(id, new OpenLead(id));
  const resource = open.get(id);
  const state = useSyncExternalStore(resource.watch, resource.read);
  return { ...state, id, reload: resource.reload, intend: resource.intend, adopt: resource.adopt };
}
