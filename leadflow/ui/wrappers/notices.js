// My notifications: when to ask for them again, and marking them. The feed says when they have changed.
import { useEffect, useState } from "react";
import { onLiveStatus, onNews } from "./live.js";
import { rest } from "./rest.js";
import { failed, toast } from "./toasts.jsx";
import { plural } from "./format.js";

const MERGE_MS = 60;
const AT_ONCE = 500;
const listeners = new Set();
let stops = [];
let timer = null;
let beat = 0;

export function tellOfNotices() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    beat += 1;
    listeners.forEach((listener) => listener(beat));
  }, MERGE_MS);
}

// Whoever comes back to a page, or whose connection does, may have missed something; so may have who had asked before the
// connection stood.
function start() {
  const wake = () => document.hidden || tellOfNotices();
  document.addEventListener("visibilitychange", wake);
  stops = [
    onNews("notifications", tellOfNotices),
    onLiveStatus((status) => status === "live" && tellOfNotices()),
    () => document.removeEventListener("visibilitychange", wake),
  ];
}

function watch(listener) {
  listeners.add(listener);
  if (listeners.size === 1) start();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stops.forEach((stop) => stop());
    clearTimeout(timer);
  };
}

// A number that grows whenever my notifications may have changed.
export function useNoticeNews() {
  const [seen, setSeen] = useState(beat);
  useEffect(() => watch(setSeen), []);
  return seen;
}

async function told(attempt, otherwise) {
  try {
    return await attempt();
  } catch (error) {
    failed(otherwise, error);
    return null;
  } finally {
    tellOfNotices();
  }
}

export const markNotice = (notice, isRead) => told(() => rest("POST", `/notifications/${notice.id}/${isRead ? "read" : "unread"}`), "The notification could not be marked.");

export async function markAllNotices() {
  const marked = await told(() => rest("POST", "/notifications/read"), "Your notifications could not be marked.");
  if (!marked?.ids.length) return;
  const again = { ids: marked.ids.slice(0, AT_ONCE) };
  toast(`${plural(marked.ids.length, "notification")} marked as read.`, { undo: () => told(() => rest("POST", "/notifications/unread", again), "That could not be taken back.") });
}
