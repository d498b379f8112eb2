// A role of one's own: its name, what it may do, and how far.
import { useState } from "react";
import { plural, rest, toast } from "./kit.js";
import "./work.css";

function Right({ right, extent, reaches, problem, onChange }) {
  const id = `right-${right.value.replace(".", "-")}`;
  return (
    <div className="lf-questions__row lf-right">
      <label htmlFor={id}>{right.label}</label>
      {right.reaches ? (
        <select id={id} className="lf-select" value={extent ?? ""} aria-invalid={Boolean(problem)} aria-describedby={problem ? `${id}-note` : undefined} onChange={(event) => onChange(event.target.value)}>
          <option value="">Not at all</option>
          {reaches.map((reach) => <option key={reach.value} value={reach.value}>{reach.choice}</option>)}
        </select>
      ) : <span className="lf-check"><input id={id} type="checkbox" checked={Boolean(extent)} aria-describedby={problem ? `${id}-note` : undefined} onChange={(event) => onChange(event.target.checked ? "all" : "")} /></span>}
      {problem && <p id={`${id}-note`} className="lf-error" role="alert">{problem}</p>}
    </div>
  );
}

const LEVELS = [{ value: "write", label: "Seen and set" }, { value: "read", label: "Only seen" }, { value: "none", label: "Not seen" }];

// A select for each field of leads; a role that has ways of its own to every field has no choice here.
function Fields({ fields, levels, wide, problem, onChange }) {
  return (
    <fieldset className="lf-fieldset">
      <legend className="lf-label">Fields of leads</legend>
      {wide.length > 0
        ? <p className="lf-help">Every field: {wide.join(", ")} {wide.length > 1 ? "lead" : "leads"} to all of them.</p>
        : (
          <div className="lf-questions">
            {fields.map((field) => (
              <div key={field.value} className="lf-questions__row lf-right">
                <label htmlFor={`field-${field.value}`}>{field.label}</label>
                <select id={`field-${field.value}`} className="lf-select" value={levels[field.value] ?? "write"} onChange={(event) => onChange(field.value, event.target.value)}>
                  {LEVELS.filter((level) => level.value !== "none" || !field.seen).map((level) => <option key={level.value} value={level.value}>{level.label}</option>)}
                </select>
              </div>
            ))}
          </div>
        )}
      {problem && <p className="lf-error" role="alert">{problem}</p>}
    </fieldset>
  );
}

export function RoleEditor({ role, rights, reaches, fields, count, onDone, onCancel }) {
  const [name, setName] = useState(role.name ?? "");
  const [grants, setGrants] = useState(role.grants);
  const [levels, setLevels] = useState(role.fields ?? {});
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const wide = rights.filter((right) => right.wide && grants[right.value]).map((right) => right.label);
  const shown = new Set(["name", "fields", ...rights.map((right) => `grants.${right.value}`)]);
  const give = (permission, extent) => setGrants(({ [permission]: _, ...others }) => (extent ? { ...others, [permission]: extent } : others));
  const submit = async (event) => {
    event.preventDefault();
    if (!name.trim()) return setErrors({ name: "Give the role a name, such as what these people are." });
    setBusy(true);
    try {
      await rest(role.id ? "PUT" : "POST", role.id ? `/roles/${role.id}` : "/roles", { name: name.trim(), grants, fields: wide.length ? {} : levels });
      toast(role.id ? `The role ${name.trim()} is saved.${count ? ` ${plural(count, "person", "people")} felt it at once.` : ""}` : `The role ${name.trim()} is there. Give it to people under People.`);
      onDone();
    } catch (error) {
      const named = error.errors.map((each) => [shown.has(each.field) ? each.field : "all", each.message]);
      setErrors(named.length ? Object.fromEntries(named) : { all: error.message });
      setBusy(false);
    }
  };
  return (
    <form className="lf-form" noValidate onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}>
      {errors.all && <p className="lf-error lf-error--block" role="alert">{errors.all}</p>}
      <div className="lf-field">
        <label htmlFor="role-name">Name</label>
        <input id="role-name" className="lf-input" value={name} maxLength={80} autoFocus placeholder="Assistant" aria-invalid={Boolean(errors.name)} aria-describedby={errors.name ? "role-name-note" : undefined} onChange={(event) => setName(event.target.value)} />
        {errors.name && <p id="role-name-note" className="lf-error" role="alert">{errors.name}</p>}
      </div>
      <fieldset className="lf-fieldset">
        <legend className="lf-label">May</legend>
        <div className="lf-questions">
          {rights.map((right) => <Right key={right.value} right={right} extent={grants[right.value]} reaches={reaches} problem={errors[`grants.${right.value}`]} onChange={(extent) => give(right.value, extent)} />)}
        </div>
      </fieldset>
      {grants["leads.read"] && <Fields fields={fields} levels={levels} wide={wide} problem={errors.fields} onChange={(field, level) => setLevels({ ...levels, [field]: level })} />}
      {count > 0 && <p className="lf-help">{plural(count, "person has", "people have")} this role and feel{count === 1 ? "s" : ""} a change at once.</p>}
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{role.id ? "Save role" : "Make role"}</button>
      </div>
    </form>
  );
}
