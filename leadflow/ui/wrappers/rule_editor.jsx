// Making and changing a rule, with what it would do beside it. Unsaved work survives a reload.
import { useEffect, useMemo, useRef, useState } from "react";
import { plural, toast } from "./kit.js";
import { OptionsForm } from "./options_form.jsx";
import { PoolPicker } from "./pool_picker.jsx";
import { RuleConditions } from "./rule_conditions.jsx";
import { draftOf, problemAt, rekeyed, ruleOf, sharesOf } from "./rule_draft.js";
import { RulePreview, trialLine } from "./rule_preview.jsx";
import { RulePromise } from "./rule_promise.jsx";
import { subtree } from "./tree.js";
import { useTrial } from "./use_rules.js";

const KEPT = "lf-rule-draft";
const FIELDS = ["name", "conditions", "pool", "strategy", "options", "promise"];

function keptFor(what) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  return kept?.what === what ? rekeyed(kept.draft) : null;
}
export const keep = (what, draft) => (draft ? sessionStorage.setItem(KEPT, JSON.stringify({ what, draft })) : sessionStorage.removeItem(KEPT));

// Those whom a weight can be given: the pool's own, and whoever has one already.
function weighed({ people, teams }, { pool, options }) {
  const inTeams = new Set(pool.teams.flatMap((team) => [...subtree(teams, team)]));
  const named = new Set([...pool.people, ...Object.keys(options.weights ?? options.fallback_options?.weights ?? {})]);
  return people.filter((person) => named.has(person.id) || (pool.everybody && person.role === "rep") || inTeams.has(person.team));
}

const ofDraft = (error, place) => (error?.errors ?? []).flatMap(({ field, message }) => (field?.startsWith(`rules.${place}.`) ? [{ field: field.slice(`rules.${place}.`.length), message }] : []));

export function RuleEditor({ what, rule, place, rows, names, save, onDone, onCancel }) {
  const first = useMemo(() => draftOf(rule), []);
  const [draft, setDraft] = useState(() => keptFor(what) ?? first);
  const [wasKept, setKept] = useState(() => Boolean(keptFor(what)));
  const [refused, setRefused] = useState([]);
  const [problem, setProblem] = useState("");
  const [hasTried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const form = useRef(null);
  const isNew = !rule.id;
  const said = ruleOf(draft);

  const others = rows.filter((each) => each.id !== rule.id);
  const rules = [...others.slice(0, place), { ...said, name: said.name || "New rule", is_on: true }, ...others.slice(place)];
  const tried = useTrial(rules, 30);
  const share = sharesOf(rules, tried.trial).get(rules[place]);
  const live = hasTried && !tried.isOld ? ofDraft(tried.error, place) : [];
  const errors = [...refused, ...live.filter((each) => !refused.some((other) => other.field === each.field))];

  const set = (part) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keep(what, next);
    setRefused((before) => before.filter((each) => !Object.keys(part).some((key) => each.field.startsWith(key === "rows" || key === "match" ? "conditions" : key))));
  };
  const discard = () => { keep(what, null); setDraft(first); setKept(false); setRefused([]); };
  const cancel = () => {
    const isChanged = JSON.stringify(said) !== JSON.stringify(ruleOf(first));
    keep(what, null);
    onCancel(isChanged ? draft : null);
  };
  useEffect(() => { form.current.querySelector("[aria-invalid=true]")?.focus(); }, [refused.length > 0, hasTried]);

  const submit = async (event) => {
    event?.preventDefault();
    if (busy) return;
    setTried(true);
    setBusy(true);
    setProblem("");
    try {
      const kept = await save(rule.id, said, place);
      keep(what, null);
      toast(isNew ? `${kept.name} is rule ${place + 1} of ${others.length + 1}.` : `${kept.name} is saved.`);
      onDone(kept.id);
    } catch (error) {
      setRefused(error.errors ?? []);
      const unseen = (error.errors ?? []).filter((each) => !FIELDS.some((field) => each.field === field || each.field?.startsWith(`${field}.`)));
      setProblem(error.errors?.length ? unseen.map((each) => each.message).join(" ") || `${plural(error.errors.length, "thing")} to put right; nothing was changed.` : error.message);
      setBusy(false);
    }
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event);
    else if (event.key === "Escape") { event.preventDefault(); cancel(); }
  };
  const nameProblem = problemAt(errors, "name");
  const strategyProblem = problemAt(errors, "strategy");
  return (
    <div className="lf-editor" onKeyDown={keys}>
      <form ref={form} className="lf-form lf-editor__form" noValidate onSubmit={submit} aria-label={isNew ? "A new rule" : `Edit ${rule.name}`}>
        <h2 className="lf-heading">{isNew ? "A new rule" : <>Edit <bdi>{rule.name}</bdi></>}</h2>
        {wasKept && <p className="lf-notice">What you had not saved is here again. <button type="button" className="lf-linkbutton" onClick={discard}>Discard it</button></p>}
        {problem && <p className="lf-error lf-error--block" role="alert">{problem}</p>}
        <div className="lf-field">
          <label htmlFor="rule-name">Name</label>
          <input id="rule-name" className="lf-input" value={draft.name} maxLength={80} autoFocus autoComplete="off" placeholder="Germany and Austria" aria-invalid={Boolean(nameProblem)} aria-describedby={nameProblem ? "rule-name-note" : undefined} onChange={(event) => set({ name: event.target.value })} />
          {nameProblem && <p id="rule-name-note" className="lf-error" role="alert">{nameProblem}</p>}
        </div>
        <RuleConditions match={draft.match} rows={draft.rows} errors={errors} onChange={set} />
        <div className="lf-field">
          <span className="lf-label" aria-hidden="true">Who takes them</span>
          <PoolPicker pool={draft.pool} names={names} label="Who takes them" path="pool" errors={errors} onChange={(pool) => set({ pool })} />
        </div>
        <div className="lf-field">
          <label htmlFor="rule-strategy">In what way</label>
          <select id="rule-strategy" className="lf-select" value={draft.strategy} aria-invalid={Boolean(strategyProblem)} onChange={(event) => set({ strategy: event.target.value, options: {} })}>
            {names.strategies.map((each) => <option key={each.key} value={each.key}>{each.title}</option>)}
          </select>
          {strategyProblem && <p className="lf-error" role="alert">{strategyProblem}</p>}
        </div>
        <OptionsForm key={draft.strategy} strategy={draft.strategy} strategies={names.strategies} options={draft.options} people={weighed(names, draft)} path="options" errors={errors} onChange={(options) => set({ options })} />
        <RulePromise promise={draft.promise ?? null} names={names} errors={errors} onChange={(promise) => set({ promise })} />
        <div className="lf-editor__foot">
          <p className={`lf-editor__line lf-number ${tried.isOld ? "is-old" : ""}`} role="status">{trialLine(tried, share)}</p>
          <button type="button" className="lf-button lf-button--quiet" onClick={cancel}>Cancel</button>
          <button type="submit" className="lf-button lf-button--primary" disabled={busy} title="Ctrl-Enter">{isNew ? "Make the rule" : "Save the rule"}</button>
        </div>
      </form>
      <RulePreview rules={rules} place={place} names={names} tried={tried} />
    </div>
  );
}
