// The rules, group by group: rows, what a group may give at most, and adding one.
import { Icon, words } from "./kit.js";
import { groupsOf, newEngagement, newFit, newOther, problemAt } from "./scoring_draft.js";
import { EngagementRow, FitRow } from "./scoring_rows.jsx";

function Limits({ groups, limits, errors, onChange }) {
  return (
    <div className="lf-slimits">
      {groups.map((group) => {
        const problem = problemAt(errors, `limits.${group}`);
        return (
          <div key={group} className="lf-slimit">
            <label htmlFor={`limit-${group}`}>{groups.length > 1 ? `At most together, ${words(group)}` : "At most together"}</label>
            <input id={`limit-${group}`} className="lf-input lf-number" inputMode="decimal" autoComplete="off" placeholder="No limit" value={limits[group] ?? ""} aria-invalid={Boolean(problem)} onChange={(event) => onChange({ ...limits, [group]: event.target.value })} />
            {problem && <p className="lf-error" role="alert">{problem}</p>}
          </div>
        );
      })}
    </div>
  );
}

function Group({ heading, help, groups, draft, errors, set, children, adding }) {
  return (
    <section className="lf-sgroup" aria-label={heading}>
      <div className="lf-sgroup__head"><div><h2 className="lf-heading">{heading}</h2><p className="lf-muted">{help}</p></div><Limits groups={groups} limits={draft.limits} errors={errors} onChange={(limits) => set({ limits })} /></div>
      {children}
      <div className="lf-sgroup__add">{adding}</div>
    </section>
  );
}

export function Groups({ draft, known, errors, set }) {
  const behaviours = Object.fromEntries(known.behaviours.map((each) => [each.key, each.label]));
  const change = (list, rule, part) => set({ [list]: draft[list].map((each) => (each.key === rule.key ? { ...each, ...part } : each)) });
  const remove = (list, rule) => set({ [list]: draft[list].filter((each) => each.key !== rule.key) });
  const add = (text, part) => <button type="button" className="lf-button lf-button--small" onClick={() => set(part())}><Icon name="Plus" size={14} /> {text}</button>;
  const did = [...draft.engagement, ...(draft.other ? [draft.other] : [])];
  return (
    <>
      <Group heading="Who they are" help="Points for what is known of a lead. Minus points lower the score." groups={groupsOf(draft.fit, "profile")} draft={draft} errors={errors} set={set} adding={add("Add a rule", () => ({ fit: [...draft.fit, newFit()] }))}>
        <ul className="lf-srules" aria-label="Rules about who leads are">
          {draft.fit.map((rule, place) => <FitRow key={rule.key} rule={rule} place={place} attributes={known.attributes} errors={errors} onChange={(part) => change("fit", rule, part)} onRemove={() => remove("fit", rule)} />)}
        </ul>
      </Group>
      <Group heading="What they do" help="Points each time, which fade: after the days given, half of them are left." groups={groupsOf(did, "engagement")} draft={draft} errors={errors} set={set} adding={<>{add("Add a rule", () => ({ engagement: [...draft.engagement, newEngagement()] }))}{!draft.other && add("Add points for anything else", () => ({ other: newOther() }))}</>}>
        <ul className="lf-srules" aria-label="Rules about what leads do">
          {draft.engagement.map((rule, place) => <EngagementRow key={rule.key} rule={rule} place={place} path={`engagement.${place}`} behaviours={behaviours} errors={errors} onChange={(part) => change("engagement", rule, part)} onRemove={() => remove("engagement", rule)} />)}
          {draft.other && <EngagementRow rule={draft.other} place={draft.engagement.length} path="other_behaviour" behaviours={behaviours} errors={errors} isOther onChange={(part) => set({ other: { ...draft.other, ...part } })} onRemove={() => set({ other: null })} />}
        </ul>
        <datalist id="lf-behaviours">{known.behaviours.map((each) => <option key={each.key} value={each.key}>{each.label}</option>)}</datalist>
      </Group>
    </>
  );
}
