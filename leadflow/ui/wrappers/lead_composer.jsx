// Log what was just done with the lead. The draft survives a reload.
import { useEffect, useRef, useState } from "react";
import { useLead } from "./lead_store.js";
import { Icon, may, rest, toast, useMe } from "./kit.js";
import { useMentions } from "./mentions.jsx";

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
  const place = `lf.draft.${id}`;
  const [draft, setDraft] = useState({ kind: kinds[0].key, text: "", outcome: "" });
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    try { setDraft((before) => ({ ...before, ...JSON.parse(localStorage.getItem(place)) })); } catch { localStorage.removeItem(place); }
  }, [place]);
  useEffect(() => {
    if (!intent?.log || !words.current) return;
    setDraft((before) => (before.kind === intent.log ? before : { ...before, kind: intent.log, outcome: "" }));
    words.current.focus();
    intend(null);
  }, [intent, intend, Boolean(lead)]);
  const change = (part) => {
    const next = { ...draft, ...part };
    setDraft(next);
    setProblem("");
    next.text || next.outcome ? localStorage.setItem(place, JSON.stringify(next)) : localStorage.removeItem(place);
  };
  const mentions = useMentions(words, draft, change);
  if (!may(me, "leads.write") || (error && !lead)) return null;

  const kind = kinds.find((each) => each.key === draft.kind) ?? kinds[0];
  const submit = async () => {
    if (!draft.text.trim() && !draft.outcome) return setProblem(`Write what the ${kind.label.toLowerCase()} was about.`);
    setBusy(true);
    try {
      const saved = await rest("POST", `/leads/${id}/activities`, { kind: kind.key, text: draft.text.trim(), mentions: mentions.ids, ...(draft.outcome ? { outcome: draft.outcome } : {}) });
      change({ text: "", outcome: "", mentions: [] });
      toast(`${kind.label} saved.${unseenBy(saved.unseen_by)}`);
      reload();
    } catch (error) {
      setProblem(error.errors[0]?.message ?? error.message);
    }
    setBusy(false);
  };
  return (
    <form className="lf-composer lf-card" aria-label="Log an activity" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <div className="lf-composer__kinds" role="group" aria-label="Kind of activity">
        {kinds.map((each) => (
          <button
            key={each.key} type="button" className="lf-segment" aria-pressed={each.key === kind.key} data-command={each.key === "note" ? "Write a note" : each.save} data-key={KEYS[each.key]}
            onClick={() => { if (each.key !== kind.key) change({ kind: each.key, outcome: "" }); words.current.focus(); }}
          >
            <Icon name={ICONS[each.key]} size={14} /> {each.label}
          </button>
        ))}
      </div>
      <div className="lf-composer__words">
      <textarea
        ref={words} {...mentions.field} className="lf-composer__text" rows={2} aria-label={kind.prompt} placeholder={kind.prompt} value={draft.text} aria-invalid={Boolean(problem)}
        onChange={(event) => { change({ text: event.target.value }); mentions.look(event.target); }}
        onKeyDown={(event) => { if (!mentions.keys(event) && event.key === "Enter" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); submit(); } }}
      />
      {mentions.list}
      </div>
      <div className="lf-composer__foot">
        {kind.outcomes.length > 0 && (
          <select className="lf-select lf-composer__outcome" aria-label={`How the ${kind.label.toLowerCase()} went`} value={draft.outcome} onChange={(event) => change({ outcome: event.target.value })}>
            <option value="">How it went</option>
            {kind.outcomes.map((outcome) => <option key={outcome} value={outcome}>{outcome}</option>)}
          </select>
        )}
        {problem && <p className="lf-error" role="alert">{problem}</p>}
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{kind.save}</button>
      </div>
    </form>
  );
}
