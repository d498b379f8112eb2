// Holding a lead in a band: for how long, and why.
import { useEffect, useRef, useState } from "react";
import { keyOf } from "./calendar_days.js";
import { Dialog } from "./kit.js";
import { Field, useSaving } from "./saving.jsx";

const DAY = 86_400_000;
const LENGTHS = [["1", "1 day"], ["7", "7 days"], ["30", "30 days"], ["day", "Until a day"]];
const LONGEST = 90;
const dayIn = (days) => keyOf(new Date(Date.now() + days * DAY));

// A day that is chosen counts in full; one of the last that is possible, as long as it may.
function endOf(length, day) {
  if (length !== "day") return { hours: Number(length) * 24 };
  const end = new Date(`${day}T23:59:00`);
  return Number.isNaN(end.getTime()) ? null : { until: new Date(Math.min(end, Date.now() + LONGEST * DAY)).toISOString() };
}

function HoldForm({ band, hold, onClose }) {
  const [length, setLength] = useState("7");
  const [day, setDay] = useState(() => dayIn(14));
  const [reason, setReason] = useState("");
  const first = useRef(null);
  const { busy, send, refuse, problemOf, elsewhere } = useSaving(["until", "reason"]);
  // The dialog opens after what is in it has been drawn, and only then can anything inside have the focus.
  useEffect(() => { const timer = setTimeout(() => first.current?.focus()); return () => clearTimeout(timer); }, []);
  const submit = (event) => {
    event.preventDefault();
    if (busy) return undefined;
    const end = endOf(length, day);
    if (!end) return refuse([{ field: "until", message: "Choose a day." }]);
    return send(async () => { await hold({ band, ...end, reason: reason.trim() }); onClose(); });
  };
  const keys = (event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event); };
  return (
    <form className="lf-form" noValidate onSubmit={submit} onKeyDown={keys} aria-busy={busy}>
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{elsewhere}</p>}
      <fieldset className="lf-fieldset">
        <legend className="lf-label">For how long</legend>
        <div className="lf-lengths">
          {LENGTHS.map(([key, name]) => (
            <label key={key} className="lf-length"><input type="radio" name="hold-length" value={key} checked={length === key} ref={length === key ? first : undefined} onChange={() => setLength(key)} /><span>{name}</span></label>
          ))}
        </div>
        {length === "day" && <Field id="hold-day" label="Until the end of" problem={problemOf("until")}><input id="hold-day" type="date" className="lf-input" required min={dayIn(0)} max={dayIn(LONGEST)} value={day} onChange={(event) => setDay(event.target.value)} /></Field>}
      </fieldset>
      <Field id="hold-reason" label="Reason (optional)" problem={problemOf("reason")}><input id="hold-reason" className="lf-input" maxLength={200} autoComplete="off" placeholder="Met at the fair, signs in May" value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
      <p className="lf-help">The score goes on meanwhile. Everybody sees your reason, here and on the timeline.</p>
      <div className="lf-actions"><button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button><button type="submit" className="lf-button lf-button--primary" disabled={busy} title="Ctrl-Enter">Hold as {band}</button></div>
    </form>
  );
}

export function HoldDialog({ band, hold, onClose }) {
  return <Dialog isOpen={Boolean(band)} heading={`Hold as ${band ?? ""}`} onClose={onClose}>{band && <HoldForm band={band} hold={hold} onClose={onClose} />}</Dialog>;
}
