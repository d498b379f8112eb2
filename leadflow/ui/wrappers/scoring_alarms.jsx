// Alarms about scores: those that stand in a line, all of them in a list, and whether leads wait meanwhile.
import { useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router";
import { Dialog, Icon, exactTime, plural, rest, toast, useNow, useRest, when } from "./kit.js";
import { Field, useSaving } from "./saving.jsx";
import "./assignment.css";
import "./model.css";
import "./work.css";

const LOOKS_MS = 60_000;

export function AlarmNotice() {
  const { data, reload } = useRest("/scoring/alarms");
  const asking = useRef(reload);
  asking.current = reload;
  useEffect(() => { const timer = setInterval(() => asking.current(), LOOKS_MS); return () => clearInterval(timer); }, []);
  const standing = (data?.standing ?? []).filter((alarm) => alarm.stops);
  if (!standing.length) return null;
  const { is_stopped: isStopped, waiting } = data.trust;
  const more = standing.length > 1 ? `, and ${plural(standing.length - 1, "other alarm")}` : "";
  return (
    <p className={`lf-malarm ${isStopped ? "is-stopped" : ""}`} role="status">
      <Icon name="ShieldAlert" />
      <span>{standing[0].says}{more}. {isStopped && `${plural(waiting, "lead")} that would go by the score ${waiting === 1 ? "waits" : "wait"}.`} <Link to="/scoring?tab=model">See what is wrong</Link></span>
    </p>
  );
}

function Reason({ onDone, onClose }) {
  const [reason, setReason] = useState("");
  const first = useRef(null);
  useEffect(() => { const timer = setTimeout(() => first.current?.focus()); return () => clearTimeout(timer); }, []);
  const { busy, send, problemOf, elsewhere } = useSaving(["reason"]);
  const submit = (event) => {
    event?.preventDefault();
    return busy ? undefined : send(async () => { onDone(await rest("POST", "/scoring/model/resume", { reason })); });
  };
  const keys = (event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event); };
  return (
    <form className="lf-form" noValidate onSubmit={submit} onKeyDown={keys} aria-busy={busy}>
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{elsewhere}</p>}
      <p className="lf-muted">Leads that wait are assigned by their scores, in spite of the alarms that stand. The next alarm makes them wait again.</p>
      <Field id="alarm-reason" label="Why" problem={problemOf("reason")}><textarea id="alarm-reason" className="lf-textarea" rows={3} maxLength={500} ref={first} placeholder="Tracking was off for the move to the new site" value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
      <div className="lf-actions"><button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button><button type="submit" className="lf-button lf-button--primary" disabled={busy} title="Ctrl-Enter">Go on</button></div>
    </form>
  );
}

export function Trust({ trust: known }) {
  const [trust, setTrust] = useState(known);
  const [isAsking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const label = useId();
  const now = useNow();
  useEffect(() => setTrust(known), [known]);
  const toggle = async () => {
    setBusy(true);
    try { setTrust(await rest("PUT", "/scoring/model/stop", { stops: !trust.stops })); } catch (error) { toast(error.message); }
    setBusy(false);
  };
  return (
    <div className="lf-mtrust">
      <div className="lf-mtrust__wish">
        <button type="button" className="lf-switch" role="switch" aria-checked={trust.stops} aria-labelledby={label} disabled={busy} onClick={toggle}><span /></button>
        <span id={label}>Leads that rules give out by score or band wait while scores are in alarm</span>
      </div>
      {trust.is_stopped && <p className="lf-mtrust__now" role="status"><span>{trust.waiting ? `${plural(trust.waiting, "lead")} of those you see ${trust.waiting === 1 ? "waits" : "wait"} now.` : "New leads that go by the score will wait."}</span> <button type="button" className="lf-button lf-button--small" onClick={() => setAsking(true)}>I have looked: go on…</button></p>}
      {!trust.is_stopped && trust.passed.length > 0 && <p className="lf-muted">{trust.passed_by || "Somebody"} let leads go on <time title={exactTime(trust.passed_at)}>{when(trust.passed_at, now)}</time>: <bdi>{trust.reason}</bdi></p>}
      <Dialog isOpen={isAsking} heading="Go by scores in spite of the alarm?" onClose={() => setAsking(false)}>
        <Reason onClose={() => setAsking(false)} onDone={(next) => { setTrust(next); setAsking(false); toast("Waiting leads are being assigned."); }} />
      </Dialog>
    </div>
  );
}

export function Alarms({ alarms }) {
  const now = useNow();
  if (!alarms.length) return <p className="lf-muted">There has been no alarm. Leads, behaviours and outcomes are looked at every hour.</p>;
  return (
    <ul className="lf-rows" aria-label="Alarms, those that stand first">
      {alarms.map((alarm) => (
        <li key={alarm.id} className="lf-rows__row lf-malarms__row">
          <span className={alarm.cleared_at ? "lf-muted" : alarm.stops ? "lf-malarms__stands" : "lf-warn"}><Icon name={alarm.cleared_at ? "Check" : "ShieldAlert"} /></span>
          <div className="lf-rows__main">
            <span className="lf-rows__title">{alarm.says}</span>
            <span className="lf-muted">{alarm.because}</span>
          </div>
          <span className="lf-muted lf-malarms__when"><time title={exactTime(alarm.raised_at)}>{when(alarm.raised_at, now)}</time>{alarm.cleared_at && <>, over <time title={exactTime(alarm.cleared_at)}>{when(alarm.cleared_at, now)}</time></>}</span>
        </li>
      ))}
    </ul>
  );
}
