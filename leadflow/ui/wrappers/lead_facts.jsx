// What is known about the lead: edited in place, saved against the version on screen.
import { useEffect, useRef, useState } from "react";
import { useLead } from "./lead_store.js";
import { Icon, Skeleton, exactTime, may, sees, sets, money, toMajor, toMinor, toast, useMe, when, words } from "./kit.js";
import { OwnerChoice, StageChoice } from "./lead_head.jsx";

const shownAs = (lead, field) => (field.kind === "money" ? money(lead[field.key], lead.currency) : lead[field.key] ?? "");
const draftOf = (lead, field) => (field.kind === "money" && lead[field.key] != null ? String(toMajor(lead[field.key], lead.currency)) : lead[field.key] ?? "");

function Source({ fact }) {
  if (!fact?.source) return null;
  return <span className="lf-fact__source lf-muted" title={fact.at ? `From ${words(fact.source)}, ${exactTime(fact.at)}` : undefined}>{words(fact.source)}{fact.at ? `, ${when(fact.at)}` : ""}</span>;
}

// A 409 says what somebody else changed; the reader decides whether to save on top of it.
function changesBetween(before, current, fields) {
  return fields.filter((field) => (before[field.key] ?? "") !== (current[field.key] ?? "")).map((field) => `${field.label} is now “${shownAs(current, field) || "empty"}”`);
}

function Editor({ field, fields, onDone }) {
  const { lead, save, adopt } = useLead();
  const [text, setText] = useState(() => draftOf(lead, field));
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const input = useRef(null);
  useEffect(() => input.current.select(), []);

  const submit = async () => {
    const before = lead;
    const value = field.kind === "money" ? (text.trim() === "" ? null : toMinor(text, lead.currency)) : text.trim() || null;
    if ((before[field.key] ?? null) === value) return onDone();
    setBusy(true);
    try {
      await save({ [field.key]: value });
      onDone();
      toast(`${field.label} saved.`);
    } catch (error) {
      setBusy(false);
      const current = error.problem?.current;
      if (error.status === 409 && current) {
        adopt(current);
        setProblem(`Changed by someone else meanwhile: ${changesBetween(before, current, fields).join("; ") || "another detail"}. Save again to keep yours.`);
      } else setProblem(error.errors.find((each) => each.field === field.key)?.message ?? error.message);
    }
  };
  const keys = (event) => {
    if (event.key === "Enter") submit();
    else if (event.key === "Escape") onDone();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="lf-fact__editor">
      <input
        ref={input} className="lf-input" value={text} aria-label={field.label} aria-invalid={Boolean(problem)} aria-describedby={problem ? `problem-${field.key}` : undefined}
        type={field.kind === "money" ? "text" : field.kind ?? "text"} inputMode={field.kind === "money" ? "decimal" : undefined} autoFocus
        onChange={(event) => setText(event.target.value)} onKeyDown={keys}
      />
      <button type="button" className="lf-button lf-button--primary lf-button--icon" aria-label={`Save ${field.label}`} disabled={busy} onClick={submit}><Icon name="Check" /></button>
      <button type="button" className="lf-button lf-button--icon" aria-label="Cancel" onClick={onDone}><Icon name="X" /></button>
      {problem && <p id={`problem-${field.key}`} className="lf-error" role="alert">{problem}</p>}
    </div>
  );
}

const Hidden = ({ label }) => <div className="lf-fact"><dt>{label}</dt><dd className="lf-muted">Not for your role</dd></div>;

function Fact({ field, fields, canWrite }) {
  const { lead, intent, intend } = useLead();
  const [editing, setEditing] = useState(false);
  const button = useRef(null);
  useEffect(() => {
    if (!canWrite || intent?.edit !== field.key) return;
    setEditing(true);
    intend(null);
  }, [intent, intend, canWrite, field.key]);
  const text = shownAs(lead, field);
  const href = text && { email: `mailto:${text}`, tel: `tel:${text}` }[field.kind];
  const done = () => { setEditing(false); requestAnimationFrame(() => button.current?.focus()); };
  return (
    <div className="lf-fact">
      <dt>{field.label}</dt>
      <dd>
        {editing ? <Editor field={field} fields={fields} onDone={done} /> : (
          <>
            {href ? <a className="lf-link lf-clip" href={href} title={text}>{text}</a> : <bdi className={`lf-clip ${field.kind === "money" ? "lf-number" : ""} ${text ? "" : "lf-muted"}`} title={text || undefined}>{text || "–"}</bdi>}
            {canWrite && (
              <button ref={button} type="button" className="lf-fact__edit" data-command={`Edit ${field.label.toLowerCase()}`} data-key={field === fields[0] ? "e" : undefined} aria-label={`Edit ${field.label}`} onClick={() => setEditing(true)}><Icon name="Pencil" size={14} /></button>
            )}
          </>
        )}
        {!editing && <Source fact={lead.facts?.[field.key]} />}
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
