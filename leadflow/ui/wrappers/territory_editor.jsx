// A territory: its name, which leads are of it, and whose they are.
import { useState } from "react";
import { rest, toast } from "./kit.js";
import { PoolPicker } from "./pool_picker.jsx";
import { RuleConditions } from "./rule_conditions.jsx";
import { draftOf, problemAt, ruleOf } from "./rule_draft.js";
import "./assignment.css";

const NEW = { name: "", conditions: null, pool: { people: [], teams: [], everybody: true } };

export function TerritoryEditor({ territory, names, onDone, onCancel }) {
  const [draft, setDraft] = useState(() => draftOf({ ...NEW, ...territory }));
  const [errors, setErrors] = useState([]);
  const [busy, setBusy] = useState(false);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setErrors([]);
    try {
      const said = ruleOf(draft);
      await rest(territory.id ? "PUT" : "POST", territory.id ? `/territories/${territory.id}` : "/territories", said);
      toast(`The territory ${said.name} is saved. Leads that wait are looked at again.`);
      onDone();
    } catch (error) {
      setErrors(error.errors.length ? error.errors : [{ field: "", message: error.message }]);
      setBusy(false);
    }
  };
  const nameProblem = problemAt(errors, "name");
  const whole = errors.find((each) => !/^(name|conditions|pool)/.test(each.field ?? ""))?.message;
  return (
    <form className="lf-form" noValidate aria-busy={busy} onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}>
      {whole && <p className="lf-error lf-error--block" role="alert">{whole}</p>}
      <div className="lf-field">
        <label htmlFor="territory-name">Name</label>
        <input id="territory-name" className="lf-input" value={draft.name} maxLength={80} autoFocus autoComplete="off" placeholder="South" aria-invalid={Boolean(nameProblem)} aria-describedby={nameProblem ? "territory-name-note" : undefined} onChange={(event) => set({ name: event.target.value })} />
        {nameProblem && <p id="territory-name-note" className="lf-error" role="alert">{nameProblem}</p>}
      </div>
      <RuleConditions match={draft.match} rows={draft.rows} errors={errors} onChange={set} />
      <div className="lf-field">
        <span className="lf-label" aria-hidden="true">Whose leads these are</span>
        <PoolPicker pool={draft.pool} names={names} label="Whose leads these are" path="pool" errors={errors} onChange={(pool) => set({ pool })} />
      </div>
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{territory.id ? "Save territory" : "Add territory"}</button>
      </div>
    </form>
  );
}
