// A form drawn in Python and sent to the API from the browser; problems appear beside their fields.
import { useEffect, useRef, useState } from "react";
import { useParams } from "react-router";
import { RestError, rest, sets, toMinor, toast, useMe } from "./kit.js";

function bodyOf(form, extra, me) {
  const body = Object.fromEntries(Object.entries(extra ?? {}).filter(([name]) => sets(me, name)));
  for (const field of form.elements) {
    if (!field.name || field.disabled) continue;
    const text = field.value.trim();
    if (text === "") continue;
    body[field.name] = field.dataset.kind === "money" ? toMinor(text, form.elements.currency?.value) : text;
  }
  return body;
}

function mark(form, errors) {
  const missed = [];
  for (const place of form.querySelectorAll("[data-error]")) place.replaceChildren();
  for (const field of form.elements) field.removeAttribute?.("aria-invalid");
  for (const { field, message } of errors) {
    const input = form.elements[field];
    const place = form.querySelector(`[data-error="${CSS.escape(field ?? "")}"]`);
    if (!input || !place) missed.push(message);
    else {
      input.setAttribute("aria-invalid", "true");
      place.textContent = message;
    }
  }
  form.querySelector("[aria-invalid=true]")?.focus();
  return missed;
}

export function RestForm({ path, method = "POST", extra, said, onDone, children }) {
  const params = useParams();
  const form = useRef(null);
  const me = useMe();
  // What this person may not set is not asked for.
  useEffect(() => {
    for (const field of form.current.elements) {
      if (!field.name || sets(me, field.name)) continue;
      field.disabled = true;
      (field.closest(".lf-field") ?? field).hidden = true;
    }
  });
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event?.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const target = path.replace(/\{(\w+)\}/g, (_, name) => params[name]);
      const answer = await rest(method, target, bodyOf(form.current, extra, me));
      mark(form.current, []);
      form.current.reset();
      toast(said);
      onDone?.(answer.lead?.id ?? answer.id ?? "");
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const missed = mark(form.current, error.errors);
      setProblem(error.errors.length === 0 ? error.message : missed.join(" ") || null);
    }
    setBusy(false);
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event);
  };
  return (
    <form ref={form} className="lf-form" noValidate onSubmit={submit} onKeyDown={keys} aria-busy={busy} data-busy={busy || undefined}>
      {problem && <p className="lf-error lf-error--block" role="alert">{problem}</p>}
      {children}
    </form>
  );
}
