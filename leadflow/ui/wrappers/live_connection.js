// The protocol of /api/live: subscribe, reconnect with patience, catch up with `since`.

const PING_MS = 15_000;
const SILENCE_MS = 25_000;
const SLOWEST_RETRY_MS = 8_000;

export class LiveConnection {
  #open;
  #socket = null;
  #requests = new Map();
  #listeners = new Set();
  #newsListeners = new Map();
  #attempts = 0;
  #next = 0;
  #timers = {};
  #heardAt = 0;
  #wasLive = false;
  status = "connecting";

  constructor(open, { onEnd = () => {} } = {}) {
    this.#open = open;
    this.onEnd = onEnd;
  }

  // handlers: snapshot(frame), patch(frame), kpis(values), groups(frame), presence(people), stale() before a reset, refused(message)
  subscribe(request, handlers) {
    const id = `${request.view[0]}${++this.#next}`;
    this.#requests.set(id, { id, request, handlers, sub: null, rev: null, answered: false });
    if (this.#socket?.readyState === 1) this.#ask(this.#requests.get(id));
    else this.#connect();
    return () => {
      this.#requests.delete(id);
      this.#send({ op: "unsubscribe", id });
    };
  }

  onStatus(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // Something else than leads has changed for whoever sits here ("offers", "tasks", "views", "notifications"); it comes without a subscription.
  onNews(of, listener) {
    const listeners = this.#newsListeners.get(of) ?? new Set();
    this.#newsListeners.set(of, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  // The network came back or the tab woke up: do not sit out the back-off.
  wake() {
    if (this.#requests.size === 0) return;
    if (this.#socket?.readyState === 1) return this.#check();
    this.#attempts = 0;
    clearTimeout(this.#timers.retry);
    this.#timers.retry = null;
    this.#connect();
  }

  // The network has gone: the socket would not notice for a while.
  lose() {
    if (!this.#socket) return;
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = () => {};
    socket.close();
    this.#closed(1006);
  }

  #connect() {
    if (this.#socket || this.#timers.retry) return;
    const socket = (this.#socket = this.#open());
    socket.onopen = () => {
      this.#attempts = 0;
      this.#heardAt = Date.now();
      this.#set(this.#wasLive ? "catching_up" : "connecting");
      for (const entry of this.#requests.values()) this.#ask(entry);
      this.#timers.ping = setInterval(() => this.#check(), PING_MS);
    };
    socket.onmessage = (event) => {
      this.#heardAt = Date.now();
      this.#receive(JSON.parse(event.data));
    };
    socket.onclose = (event) => this.#closed(event.code);
  }

  #closed(code) {
    this.#socket = null;
    clearInterval(this.#timers.ping);
    for (const entry of this.#requests.values()) {
      Object.assign(entry, { sub: null, answered: false });
      entry.handlers.presence?.([]);
    }
    if (code === 4401) {
      this.#set("offline");
      return this.onEnd();
    }
    this.#set("offline");
    const wait = Math.min(SLOWEST_RETRY_MS, 250 * 2 ** this.#attempts++) * (0.7 + Math.random() * 0.6);
    this.#timers.retry = setTimeout(() => {
      this.#timers.retry = null;
      this.#connect();
    }, wait);
  }

  #check() {
    if (Date.now() - this.#heardAt > SILENCE_MS) this.#socket?.close();
    else this.#send({ op: "ping" });
  }

  #ask(entry) {
    entry.answered = false;
    this.#send({ op: "subscribe", id: entry.id, ...entry.request, since: entry.rev, reach: entry.reach });
  }

  #send(message) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  #receive(frame) {
    // Only an ended session is the end; whose rights have changed comes back under those of now.
    if (frame.op === "bye") return frame.reason === "session_ended" ? this.onEnd(frame.reason) : undefined;
    if (frame.op === "error") return this.#refused(frame);
    if (frame.op === "here") return this.#send({ op: "here" });
    if (frame.op === "presence") return this.#told(frame);
    if (this.#newsListeners.has(frame.op)) return this.#newsListeners.get(frame.op).forEach((listener) => listener());
    if (frame.id) this.#answered(frame);
    if (!frame.sub) return;
    for (const entry of this.#requests.values()) {
      if (entry.sub === frame.sub && (!frame.id || entry.id === frame.id)) this.#deliver(entry, frame);
    }
  }

  // Who else has a lead open is told to whoever has it open here.
  #told({ lead, people }) {
    for (const { request, handlers } of this.#requests.values()) if (request.view === "lead" && request.filter.lead === lead) handlers.presence?.(people);
  }

  #deliver(entry, frame) {
    if (frame.rev) entry.rev = frame.rev;
    if (frame.op === "snapshot") this.#picture(entry, frame);
    else if (frame.op === "patch") entry.handlers.patch?.(frame);
    else if (frame.op === "kpis") entry.handlers.kpis?.(frame.values);
    else if (frame.op === "groups") entry.handlers.groups?.(frame);
    else if (frame.op === "reset") {
      entry.rev = null;
      entry.handlers.stale?.();
      this.#ask(entry);
    }
  }

  // Who reaches other leads than before has to forget those that are out of reach now.
  #picture(entry, frame) {
    if (entry.reach !== undefined && entry.reach !== frame.reach) entry.handlers.stale?.();
    entry.reach = frame.reach;
    entry.handlers.snapshot?.(frame);
  }

  #answered(frame) {
    const entry = this.#requests.get(frame.id);
    if (!entry) return;
    Object.assign(entry, { sub: frame.sub ?? null, answered: true });
    if (![...this.#requests.values()].every((each) => each.answered)) return;
    this.#wasLive = true;
    this.#set("live");
  }

  // Answers come in the order of the questions, so an error without a name belongs to the oldest open one.
  #refused(frame) {
    const entry = this.#requests.get(frame.id) ?? [...this.#requests.values()].find((each) => !each.answered);
    if (!entry) return;
    this.#answered({ id: entry.id });
    entry.handlers.refused?.(frame.message);
  }

  #set(status) {
    if (this.status === status) return;
    this.status = status;
    this.#listeners.forEach((listener) => listener());
  }
}
