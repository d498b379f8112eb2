// One line at the bottom left: what happened, and a way back where there is one.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { Icon } from "./icons.jsx";

const STAYS_MS = 6_000;
let toasts = [];
let next = 0;
const listeners = new Set();

function set(value) {
  toasts = value;
  listeners.forEach((listener) => listener());
}

export function toast(text, { tone = "info", undo = null, requestId = "", stays = tone === "danger" ? 2 * STAYS_MS : STAYS_MS } = {}) {
  const id = ++next;
  set([...toasts.slice(-2), { id, text, tone, undo, requestId, stays }]);
  return id;
}

// What is wrong with a field says more than that something is.
export const failed = (text, error) => toast(`${text} ${error.errors?.[0]?.message ?? error.message}`, { tone: "danger", requestId: error.requestId });
// Other words for a message that is still there; says whether it was.
export function retell(id, text) {
  const isThere = toasts.some((each) => each.id === id);
  if (isThere) set(toasts.map((each) => (each.id === id ? { ...each, text } : each)));
  return isThere;
}
export const dismiss = (id) => set(toasts.filter((each) => each.id !== id));

function Toast({ id, text, tone, undo, requestId, stays }) {
  const timer = useRef(null);
  const wait = () => { timer.current = setTimeout(() => dismiss(id), stays); };
  const hold = () => clearTimeout(timer.current);
  useEffect(() => (wait(), hold), []);
  return (
    <div className={`lf-toast lf-toast--${tone}`} onPointerEnter={hold} onPointerLeave={wait} onFocus={hold} onBlur={wait}>
      <span className="lf-toast__text" title={requestId && `Request ${requestId}`}>{text}</span>
      {undo && <button type="button" className="lf-toast__undo" onClick={() => { dismiss(id); undo(); }}>Undo</button>}
      <button type="button" className="lf-toast__close" aria-label="Dismiss" onClick={() => dismiss(id)}><Icon name="X" size={14} /></button>
    </div>
  );
}

export function Toasts() {
  const shown = useSyncExternalStore((listener) => (listeners.add(listener), () => listeners.delete(listener)), () => toasts);
  return (
    <div className="lf-toasts" role="status" aria-live="polite" aria-label="Messages">
      {shown.map((each) => <Toast key={each.id} {...each} />)}
    </div>
  );
}
