// Log what was just done with the lead. The draft survives a reload, and what cannot be sent waits for the connection.
import { useEffect, useRef, useState } from "react";
import { isAway, problemOf } from "./edits.js";
import { useLead } from "./lead_store.js";
import { Icon, may, randomKey, rest, toast, useMe } from "./kit.js";
import { useMentions } from "./mentions.jsx";
import { NotSaved } from "./not_saved.jsx";
import { drop, keep, useUnsaved } from "./unsaved.js";

const NOTE = "note";
const KEYS = { note: "n", call: "c", meeting: "m", email: "i" };
const ICONS = { note: "Note", call: "Phone", meeting: "Calendar", email: "Mail" };

// Who is mentioned where they see nothing hears of it once they do.
function unseenBy(people = []) {
  if (!people.length) return "";
  const names = people.map((each) => each.name).join(", ");
  return ` ${names} cannot see this lead, and will be told once they can.`;
}

export function LeadComposer({ kinds }) {
  const { id, lead, error, reload, intent, intend } = useLead();
  const words = useRef(null);
  const me = useMe();
  const entry = useUnsaved(id, NOTE);
  const [chosen, setChosen] = useState(kinds[0].key);
  const [lack, setLack] = useState("");
  const [busy, setBusy] = useState(false);
  const draft = { kind: entry?.kind ?? chosen, text: entry?.text ?? "", outcome: entry?.outcome ?? "", mentions: entry?.mentions ?? [] };
  const isWaiting = entry?.state === "waiting";
  const problem = lack || entry?.problem;
  const change = (part) => {
    const next = { ...draft, ...part };
    setChosen(next.kind);
    setLack("");
    if (next.text || next.outcome) keep({ lead: id, field: NOTE, name: lead?.name || lead?.email || "the lead", state: "draft", ...next });
    else drop(id, NOTE);
  };
  useEffect(() => {
    if (!intent?.log || !words.current) return;
    if (draft.kind !== intent.log && !isWaiting) change({ kind: intent.log, outcome: "" });
    words.current.focus();
    intend(null);
  }, [intent, intend, Boolean(lead)]);
  const mentions = useMentions(words, draft, change);
  if (!may(me, "leads.write") || (error && !lead)) return null;

  const kind = kinds.find((each) => each.key === draft.kind) ?? kinds[0];
  const submit = async () => {
    if (!draft.text.trim() && !draft.outcome) return setLack(`Write what the ${kind.label.toLowerCase()} was about.`);
    const body = { kind: kind.key, text: draft.text.trim(), mentions: mentions.ids, ...(draft.outcome ? { outcome: draft.outcome } : {}) };
    const key = randomKey();
    setBusy(true);
    try {
      const saved = await rest("POST", `/leads/${id}/activities`, body, { key });
      change({ text: "", outcome: "", mentions: [] });
      toast(`${kind.label} saved.${unseenBy(saved.unseen_by)}`);
      reload();
    } catch (error) {
      if (isAway(error)) keep({ lead: id, field: NOTE, name: lead.name || lead.email || "the lead", ...draft, state: "waiting", body, key });
      else setLack(problemOf(error));
    }
    setBusy(false);
  };
  return (
    <form className="lf-composer lf-card" aria-label="Log an activity" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <div className="lf-composer__kinds" role="group" aria-label="Kind of activity">
        {kinds.map((each) => (
          <button
            key={each.key} type="button" className="lf-segment" disabled={isWaiting} aria-pressed={each.key === kind.key} data-command={each.key === "note" ? "Write a note" : each.save} data-key={KEYS[each.key]}
            onClick={() => { if (each.key !== kind.key) change({ kind: each.key, outcome: "" }); words.current.focus(); }}
          >
            <Icon name={ICONS[each.key]} size={14} /> {each.label}
          </button>
        ))}
      </div>
      <div className="lf-composer__words">
      <textarea
        ref={words} {...mentions.field} className="lf-composer__text" rows={2} aria-label={kind.prompt} placeholder={kind.prompt} value={draft.text} aria-invalid={Boolean(problem)} readOnly={isWaiting}
        onChange={(event) => { change({ text: event.target.value }); mentions.look(event.target); }}
        onKeyDown={(event) => { if (!mentions.keys(event) && event.key === "Enter" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); submit(); } }}
      />
      {mentions.list}
      </div>
      <div className="lf-composer__foot">
        {kind.outcomes.length > 0 && (
          <select className="lf-select lf-composer__outcome" disabled={isWaiting} aria-label={`How the ${kind.label.toLowerCase()} went`} value={draft.outcome} onChange={(event) => change({ outcome: event.target.value })}>
            <option value="">How it went</option>
            {kind.outcomes.map((outcome) => <option key={outcome} value={outcome}>{outcome}</option>)}
          </select>
        )}
        {problem && <p className="lf-error" role="alert">{problem}</p>}
        <NotSaved entry={entry} />
        {isWaiting
          ? <button type="button" className="lf-button" onClick={() => { change({}); words.current.focus(); }}>Go on writing</button>
          : <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{kind.save}</button>}
      </div>
    </form>
  );
}
