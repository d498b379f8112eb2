// What a hosted form asks and says.
import { useState } from "react";
import { Icon, rest, toast } from "./kit.js";

const keyOf = (text) => text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 40);

function Questions({ fields, choices, onChange, error }) {
  const [own, setOwn] = useState("");
  const isChosen = (key) => fields.some((field) => field.key === key);
  const known = new Set(choices.map((choice) => choice.value));
  const rows = [...choices.map((choice) => ({ key: choice.value, label: choice.label })), ...fields.filter((field) => !known.has(field.key))];
  const toggle = (row) => onChange(isChosen(row.key) ? fields.filter((field) => field.key !== row.key) : [...fields, { key: row.key, label: "", required: row.key === "email" }]);
  const require = (key) => onChange(fields.map((field) => (field.key === key ? { ...field, required: !field.required } : field)));
  const add = () => {
    const key = keyOf(own);
    if (key && !isChosen(key)) onChange([...fields, { key, label: own.trim(), kind: "text", required: false }]);
    setOwn("");
  };
  return (
    <fieldset className="lf-fieldset" aria-describedby={error ? "form-fields-note" : undefined}>
      <legend className="lf-label">Asks for</legend>
      <div className="lf-questions">
        {rows.map((row) => (
          <div key={row.key} className="lf-questions__row">
            <label className="lf-check"><input type="checkbox" checked={isChosen(row.key)} onChange={() => toggle(row)} /> {row.label || row.key}</label>
            {isChosen(row.key) && (
              <label className="lf-check lf-muted"><input type="checkbox" checked={fields.find((field) => field.key === row.key).required} aria-label={`${row.label || row.key} must be answered`} onChange={() => require(row.key)} /> must be answered</label>
            )}
          </div>
        ))}
      </div>
      <div className="lf-questions__own">
        <input
          className="lf-input" value={own} aria-label="A question of your own" placeholder="A question of your own" maxLength={120}
          onChange={(event) => setOwn(event.target.value)} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); add(); } }}
        />
        <button type="button" className="lf-button" onClick={add} disabled={!keyOf(own)}><Icon name="Plus" /> Add</button>
      </div>
      {error && <p id="form-fields-note" className="lf-error" role="alert">{error}</p>}
    </fieldset>
  );
}

function Text({ name, label, help, draft, set, error, long, ...rest }) {
  const Control = long ? "textarea" : "input";
  return (
    <div className="lf-field">
      <label htmlFor={`form-${name}`}>{label}</label>
      <Control
        id={`form-${name}`} className={long ? "lf-textarea" : "lf-input"} rows={long ? 2 : undefined} value={draft[name]} aria-invalid={Boolean(error)}
        aria-describedby={`form-${name}-note`} onChange={(event) => set({ [name]: event.target.value })} {...rest}
      />
      <p id={`form-${name}-note`} className={error ? "lf-error" : "lf-help"} role={error ? "alert" : undefined}>{error ?? help}</p>
    </div>
  );
}

export function FormEditor({ form, choices, onDone, onCancel }) {
  const isNew = !form.id;
  const [draft, setDraft] = useState(() => ({
    title: form.title ?? "", intro: form.intro ?? "", consent_text: form.consent_text ?? "", thanks: form.thanks ?? "", slug: "",
    fields: form.fields ?? choices.filter((choice) => choice.usual).map((choice) => ({ key: choice.value, label: "", required: choice.value === "email" })),
  }));
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const submit = async (event) => {
    event.preventDefault();
    if (!draft.title.trim()) return setErrors({ title: "Give the form a title; visitors read it." });
    const { slug, ...body } = draft;
    setBusy(true);
    try {
      await rest(isNew ? "POST" : "PATCH", isNew ? "/forms" : `/forms/${form.id}`, isNew && slug ? { ...body, slug } : body);
      toast(isNew ? "Form created. It is open to visitors." : "Form saved.");
      onDone();
    } catch (error) {
      const named = error.errors.map((each) => [each.field in draft ? each.field : "all", each.message]);
      setErrors(named.length ? Object.fromEntries(named) : { all: error.message });
      setBusy(false);
    }
  };
  const part = { draft, set };
  return (
    <form className="lf-form" noValidate onSubmit={submit}>
      {errors.all && <p className="lf-error lf-error--block" role="alert">{errors.all}</p>}
      <Text name="title" label="Title" help="Visitors see it above the form." error={errors.title} autoFocus {...part} />
      <Text name="intro" label="Introduction" help="A sentence below the title, if you like." error={errors.intro} long {...part} />
      <Questions fields={draft.fields} choices={choices} onChange={(fields) => set({ fields })} error={errors.fields} />
      <Text name="consent_text" label="Consent text" help="Kept word for word with every answer. Leave it empty to ask for no consent." error={errors.consent_text} long {...part} />
      <Text name="thanks" label="After sending" help="What visitors read when they are done." error={errors.thanks} long {...part} />
      {isNew && <Text name="slug" label="Address" help={`Ends in these words and a random tail: ${location.host}/f/${draft.slug || "from-the-title"}-…`} error={errors.slug} spellCheck={false} {...part} />}
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{isNew ? "Create form" : "Save form"}</button>
      </div>
    </form>
  );
}
