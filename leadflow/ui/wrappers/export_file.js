// A file that the server makes while it is sent: how far it has come is told, and the browser saves it at the end.
import { API, RestError, randomKey } from "./rest.js";

const KEPT = 8 * 1024 * 1024;
const LINE_END = 10;

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function ask(body, signal) {
  const headers = { "content-type": "application/json", "idempotency-key": randomKey() };
  try {
    return await fetch(`${API}/leads/export`, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RestError(0, { title: "The server could not be reached." });
  }
}

// `onPart({ leads, bytes, total })`; lines are counted where there are some. What has come is a blob, which browsers keep on disk.
export async function exportFile(body, { onPart, signal }) {
  const response = await ask(body, signal);
  if (!response.ok) throw new RestError(response.status, await response.json().catch(() => ({})), response.headers.get("x-request-id"));
  const total = Number(response.headers.get("x-leads"));
  const type = response.headers.get("content-type");
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition"))?.[1] ?? "leads";
  let blob = new Blob([], { type });
  let parts = [];
  let held = 0;
  let lines = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      if (error.name === "AbortError") throw error;
      throw new RestError(0, { title: "The connection broke before the file was whole. Nothing was saved." });
    });
    if (done) break;
    parts.push(value);
    held += value.length;
    if (body.format === "csv") for (const byte of value) if (byte === LINE_END) lines += 1;
    if (held >= KEPT) {
      blob = new Blob([blob, ...parts], { type });
      parts = [];
      held = 0;
    }
    onPart({ leads: body.format === "csv" ? Math.max(0, lines - 1) : null, bytes: blob.size + held, total });
  }
  save(new Blob([blob, ...parts], { type }), name);
  return total;
}
