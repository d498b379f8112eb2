// Making rules live, new ones or earlier ones: with a reason, for whoever reads the history.
import { useEffect, useRef, useState } from "react";
import { Dialog, rest, toast } from "./kit.js";
import { Field, useSaving } from "./saving.jsx";

function Reason({ path, body, verb, about, said, onDone, onStale, onRefused, onClose }) {
  const [reason, setReason] = useState("");
  const [stale, setStale] = useState(null);
  const first = useRef(null);
  // The dialog opens after what is in it has been drawn, and only then can anything inside have the focus.
  useEffect(() => { const timer = setTimeout(() => first.current?.focus()); return () => clearTimeout(timer); }, []);
  const { busy, send, problemOf, elsewhere } = useSaving(["reason"]);
  const submit = (event) => {
    event?.preventDefault();
    if (busy) return undefined;
    return send(async () => {
      try {
        const now = await rest("POST", path, { ...body, reason });
        toast(said(now));
        onDone(now);
      } catch (error) {
        if (error.status === 409) setStale(error);
        else if (error.errors?.some((each) => each.field !== "reason")) onRefused?.(error.errors);
        throw error;
      }
    });
  };
  const keys = (event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event); };
  if (stale) {
    return (
      <div className="lf-form">
        <p className="lf-error lf-error--block" role="alert">{stale.message}</p>
        <div className="lf-actions lf-actions--wrap"><button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Keep my draft</button><button type="button" className="lf-button lf-button--primary" onClick={onStale}>Start from what is live</button></div>
      </div>
    );
  }
  return (
    <form className="lf-form" noValidate onSubmit={submit} onKeyDown={keys} aria-busy={busy}>
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{elsewhere}</p>}
      <p className="lf-muted">{about}</p>
      <Field id="scoring-reason" label="Why" problem={problemOf("reason")}><textarea id="scoring-reason" className="lf-textarea" rows={3} maxLength={500} ref={first} placeholder="Trade fair leads buy twice as often" value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
      <div className="lf-actions"><button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button><button type="submit" className="lf-button lf-button--primary" disabled={busy} title="Ctrl-Enter">{verb}</button></div>
    </form>
  );
}

export function GoLive({ isOpen, heading, onClose, ...rest }) {
  return <Dialog isOpen={isOpen} heading={heading} onClose={onClose}>{isOpen && <Reason onClose={onClose} {...rest} />}</Dialog>;
}
