// What is known about the lead: edited in place, saved against what was on screen.
import { useEffect, useRef, useState } from "react";
import { useLead } from "./lead_store.js";
import { Icon, Skeleton, exactTime, may, sees, sets, useMe, when, words } from "./kit.js";
import { OwnerChoice, StageChoice } from "./lead_head.jsx";
import { shown } from "./edit_rules.js";
import { NotSaved } from "./not_saved.jsx";
import { useUnsaved } from "./unsaved.js";
import { useDraft } from "./use_draft.js";

function Source({ fact }) {
  if (!fact?.source) return null;
  return <span className="lf-fact__source lf-muted" title={fact.at ? `From ${words(fact.source)}, ${exactTime(fact.at)}` : undefined}>{words(fact.source)}{fact.at ? `, ${when(fact.at)}` : ""}</span>;
}

function Editor({ field, isAsked, onDone }) {
  const { lead, adopt } = useLead();
  const { text, problem, write, cancel, submit } = useDraft(lead, field.key, { settled: adopt });
  const [busy, setBusy] = useState(false);
  const input = useRef(null);
  useEffect(() => { if (isAsked) input.current.select(); }, []);

  const save = async () => {
    setBusy(true);
    const came = await submit();
    setBusy(false);
    if (["refused", "cancelled"].includes(came)) input.current?.focus();
    else onDone();
  };
  const letGo = () => { cancel(); onDone(); };
  const keys = (event) => {
    if (event.key === "Enter") save();
    else if (event.key === "Escape") letGo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="lf-fact__editor">
      <input
        ref={input} className="lf-input" value={text} aria-label={field.label} aria-invalid={Boolean(problem)} aria-describedby={problem ? `problem-${field.key}` : undefined}
        type={field.kind === "money" ? "text" : field.kind ?? "text"} inputMode={field.kind === "money" ? "decimal" : undefined} autoFocus={isAsked}
        onChange={(event) => write(event.target.value)} onKeyDown={keys}
      />
      <button type="button" className="lf-button lf-button--primary lf-button--icon" aria-label={`Save ${field.label}`} disabled={busy} onClick={save}><Icon name="Check" /></button>
      <button type="button" className="lf-button lf-button--icon" aria-label="Cancel" onClick={letGo}><Icon name="X" /></button>
      {problem && <p id={`problem-${field.key}`} className="lf-error" role="alert">{problem}</p>}
    </div>
  );
}

const Hidden = ({ label }) => <div className="lf-fact"><dt>{label}</dt><dd className="lf-muted">Not for your role</dd></div>;

// What was being written before a reload is open again, and what waits for the connection stands as it will be.
function Fact({ field, fields, canWrite }) {
  const { lead, intent, intend } = useLead();
  const entry = useUnsaved(lead.id, field.key);
  const [editing, setEditing] = useState(false);
  const button = useRef(null);
  useEffect(() => {
    if (!canWrite || intent?.edit !== field.key) return;
    setEditing(true);
    intend(null);
  }, [intent, intend, canWrite, field.key]);
  const isWaiting = entry?.state === "waiting";
  const isOpen = editing || (canWrite && Boolean(entry) && !isWaiting);
  const text = shown(field.key, isWaiting ? entry.change : lead);
  const href = text && { email: `mailto:${text}`, tel: `tel:${text}` }[field.kind];
  const done = () => { setEditing(false); requestAnimationFrame(() => button.current?.focus()); };
  return (
    <div className="lf-fact">
      <dt>{field.label}</dt>
      <dd>
        {isOpen ? <Editor field={field} isAsked={editing} onDone={done} /> : (
          <>
            {href ? <a className="lf-link lf-clip" href={href} title={text}>{text}</a> : <bdi className={`lf-clip ${field.kind === "money" ? "lf-number" : ""} ${text ? "" : "lf-muted"}`} title={text || undefined}>{text || "–"}</bdi>}
            {canWrite && (
              <button ref={button} type="button" className="lf-fact__edit" data-command={`Edit ${field.label.toLowerCase()}`} data-key={field === fields[0] ? "e" : undefined} aria-label={`Edit ${field.label}`} onClick={() => setEditing(true)}><Icon name="Pencil" size={14} /></button>
            )}
          </>
        )}
        {!isOpen && (isWaiting ? <NotSaved entry={entry} /> : <Source fact={lead.facts?.[field.key]} />)}
      </dd>
    </div>
  );
}

const plain = (value) => (value === true ? "Yes" : value === false ? "No" : Array.isArray(value) ? value.join(", ") : String(value ?? "–"));

export function LeadFacts({ fields }) {
  const { lead, error } = useLead();
  const me = useMe();
  const canWrite = may(me, "leads.write");
  if (!lead && error) return null;
  if (!lead) return <section className="lf-card lf-card--padded" aria-busy="true"><Skeleton width={80} /><Skeleton count={7} /></section>;
  const own = new Set(fields.map((field) => field.key));
  const found = Object.entries(lead.facts ?? {}).filter(([key, fact]) => !own.has(key) && fact.value !== null && fact.value !== "");
  const custom = Object.entries(lead.custom ?? {});
  return (
    <section className="lf-card lf-card--padded lf-facts" aria-labelledby="facts-title">
      <h2 id="facts-title" className="lf-heading">Facts</h2>
      <dl>
        <div className="lf-fact"><dt>Stage</dt><dd><StageChoice /></dd></div>
        <div className="lf-fact"><dt>Owner</dt><dd><OwnerChoice /></dd></div>
        {fields.map((field) => (sees(me, field.key)
          ? <Fact key={field.key} field={field} fields={fields} canWrite={canWrite && sets(me, field.key)} />
          : <Hidden key={field.key} label={field.label} />))}
        {sees(me, "source") ? <div className="lf-fact"><dt>Source</dt><dd>{words(lead.source) || "–"}</dd></div> : <Hidden label="Source" />}
        {!sees(me, "custom") && <Hidden label="Other fields" />}
        {custom.map(([key, value]) => <div key={key} className="lf-fact"><dt>{words(key)}</dt><dd className="lf-clip">{plain(value)}</dd></div>)}
      </dl>
      {found.length > 0 && (
        <>
          <h3 className="lf-subheading">Found out</h3>
          <dl>
            {found.map(([key, fact]) => (
              <div key={key} className="lf-fact"><dt>{words(key)}</dt><dd><bdi className="lf-clip" title={plain(fact.value)}>{plain(fact.value)}</bdi><Source fact={fact} /></dd></div>
            ))}
          </dl>
        </>
      )}
      {lead.consent && <p className="lf-help lf-facts__consent">Consent: {typeof lead.consent === "string" ? lead.consent : lead.consent.text ?? "given"}</p>}
    </section>
  );
}
