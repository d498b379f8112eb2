// One WebSocket per tab, opened when the first part of the page wants it.
import { useSyncExternalStore } from "react";
import { LiveConnection } from "./live_connection.js";
import { toLogin } from "./rest.js";

function openSocket() {
  return new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live`);
}

let connection = null;
function live() {
  if (!connection) {
    connection = new LiveConnection(openSocket, { onEnd: toLogin });
    addEventListener("online", () => connection.wake());
    document.addEventListener("visibilitychange", () => document.hidden || connection.wake());
  }
  return connection;
}

export const subscribe = (request, handlers) => live().subscribe(request, handlers);
export const onOffers = (listener) => live().onNews("offers", listener);
export const onTasks = (listener) => live().onNews("tasks", listener);
export const onNotifications = (listener) => live().onNews("notifications", listener);
export const onLiveStatus = (listener) => live().onStatus(() => listener(live().status));
export const wake = () => live().wake();
export const useLiveStatus = () => useSyncExternalStore((listener) => live().onStatus(listener), () => live().status);
