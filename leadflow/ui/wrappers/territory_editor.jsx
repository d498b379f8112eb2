// A territory: its name, which leads are of it, and whose they are.
import { useState } from "react";
import { rest, toast } from "./kit.js";
import { ConditionList } from "./condition_list.jsx";
import { conditionsOf, listOf, problemOf } from "./conditions.js";
import { inOrder } from "./tree.js";

const NOBODY = { people: [], teams: [], everybody: false };

function Members({ title, rows, chosen, onChange }) {
  if (!rows.length) return null;
  const toggle = (id, isIn) => onChange(isIn ? [...chosen, id] : chosen.filter((each) => each !== id));
  return (
    <fieldset className="lf-fieldset">
      <legend className="lf-help">{title}</legend>
      <div className="lf-members">
        {rows.map((row) => (
          <label key={row.id} className="lf-check" style={{ paddingLeft: `${((row.depth ?? 1) - 1) * 16}px` }}>
            <input type="checkbox" checked={chosen.includes(row.id)} onChange={(event) => toggle(row.id, event.target.checked)} /> <bdi>{row.name}</bdi>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function TerritoryEditor({ territory, people, teams, onDone, onCancel }) {
  const [name, setName] = useState(territory.name ?? "");
  const [list, setList] = useState(() => listOf(territory.conditions));
  const [pool, setPool] = useState(territory.pool ?? NOBODY);
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const rows = (list?.rows ?? []).map(problemOf);
    const found = {
      ...(name.trim() ? {} : { name: "Give the territory a name, such as a region." }),
      ...(rows.some(Boolean) ? { rows } : {}),
      ...(pool.everybody || pool.people.length || pool.teams.length ? {} : { pool: "Choose people or teams, or all reps." }),
    };
    setErrors(found);
    if (Object.keys(found).length) return;
    setBusy(true);
    try {
      const conditions = list ? conditionsOf(list) : territory.conditions;
      await rest(territory.id ? "PUT" : "POST", territory.id ? `/territories/${territory.id}` : "/territories", { name: name.trim(), conditions, pool });
      toast(`The territory ${name.trim()} is saved. Leads that wait are looked at again.`);
      onDone();
    } catch (error) {
      const named = error.errors.map((each) => [each.field === "name" ? "name" : "all", each.message]);
      setErrors(named.length ? Object.fromEntries(named) : { all: error.message });
      setBusy(false);
    }
  };
  return (
    <form className="lf-form" noValidate onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}>
      {errors.all && <p className="lf-error lf-error--block" role="alert">{errors.all}</p>}
      <div className="lf-field">
        <label htmlFor="territory-name">Name</label>
        <input id="territory-name" className="lf-input" value={name} maxLength={80} autoFocus placeholder="South" aria-invalid={Boolean(errors.name)} aria-describedby={errors.name ? "territory-name-note" : undefined} onChange={(event) => setName(event.target.value)} />
        {errors.name && <p id="territory-name-note" className="lf-error" role="alert">{errors.name}</p>}
      </div>
      {list ? <ConditionList list={list} problems={errors.rows ?? []} empty="Every lead that no territory above takes." onChange={setList} /> : <p className="lf-help">Its conditions hold further conditions, as the API set them. They stay as they are.</p>}
      <fieldset className="lf-fieldset">
        <legend className="lf-label">Whose leads these are</legend>
        <label className="lf-check"><input type="checkbox" checked={pool.everybody} onChange={(event) => setPool({ ...pool, everybody: event.target.checked })} /> All reps</label>
        {!pool.everybody && <Members title="Teams, with those below" rows={inOrder(teams)} chosen={pool.teams} onChange={(chosen) => setPool({ ...pool, teams: chosen })} />}
        {!pool.everybody && <Members title="People" rows={people} chosen={pool.people} onChange={(chosen) => setPool({ ...pool, people: chosen })} />}
        {errors.pool && <p className="lf-error" role="alert">{errors.pool}</p>}
      </fieldset>
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{territory.id ? "Save territory" : "Add territory"}</button>
      </div>
    </form>
  );
}
