// One way to talk to /api/v1: JSON in, JSON out, problem+json as an error that people can read.
import { useCallback, useEffect, useRef, useState } from "react";

export const API = "/api/v1";

export class RestError extends Error {
  constructor(status, problem, requestId) {
    super(sentence(status, problem));
    this.status = status;
    this.problem = problem;
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id || requestId || "";
  }
}

// The detail says it all, except when the server itself failed: then the title does.
function sentence(status, { title, detail }) {
  if (status >= 500 && title && detail) return `${title.replace(/\.$/, "")}. ${detail}`;
  return detail || title || `The server answered ${status}.`;
}

export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The live connection and a request may hear at the same moment that the session is over: the page leaves once.
const LEAVES_FOR_MS = 2000;
let left = -LEAVES_FOR_MS;
export function toLogin() {
  if (performance.now() - left < LEAVES_FOR_MS) return;
  left = performance.now();
  const back = location.pathname + location.search;
  location.assign(`/login${back === "/" ? "" : `?next=${encodeURIComponent(back)}`}`);
}

function headersFor(method, body, key) {
  const headers = { accept: "application/json" };
  if (body !== undefined && !(body instanceof Blob)) headers["content-type"] = "application/json";
  if (method === "POST") headers["idempotency-key"] = key ?? randomKey();
  return headers;
}

// `key`: the same for every attempt at the same thing, so that it is done once.
export async function rest(method, path, body, { signal, key } = {}) {
  let response;
  try {
    response = await fetch(path.startsWith("/api/") ? path : API + path, {
      method,
      signal,
      credentials: "same-origin",
      headers: headersFor(method, body, key),
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RestError(0, { title: "The server could not be reached. Nothing was changed." });
  }
  if (response.status === 401) toLogin();
  const text = await response.text();
  const answer = text && /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : {};
  if (!response.ok) throw new RestError(response.status, answer, response.headers.get("x-request-id"));
  return answer;
}

export function query(params) {
  const pairs = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}

// {data, error, loading, reload}; a newer request always wins over an older answer.
export function useRest(path) {
  const [state, setState] = useState({ data: null, error: null, loading: Boolean(path) });
  const running = useRef(null);
  const reload = useCallback(async () => {
    if (!path) return;
    running.current?.abort();
    const controller = (running.current = new AbortController());
    setState((before) => ({ ...before, error: null, loading: true }));
    try {
      const data = await rest("GET", path, undefined, { signal: controller.signal });
      setState({ data, error: null, loading: false });
    } catch (error) {
      if (error.name !== "AbortError") setState((before) => ({ ...before, error, loading: false }));
    }
  }, [path]);
  useEffect(() => {
    reload();
    return () => running.current?.abort();
  }, [reload]);
  return { ...state, reload };
}

// One request shared by everyone who asks for the same fixed list (people, stages, me).
const shared = new Map();
export function fetchOnce(path) {
  if (!shared.has(path)) {
    const request = rest("GET", path);
    request.catch(() => shared.delete(path));
    shared.set(path, request);
  }
  return shared.get(path);
}

export function useOnce(path, initial = null) {
  const [data, setData] = useState(initial);
  useEffect(() => {
    let wanted = true;
    fetchOnce(path).then((answer) => wanted && setData(answer), () => {});
    return () => { wanted = false; };
  }, [path]);
  return data;
}
