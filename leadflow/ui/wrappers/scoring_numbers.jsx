// The numbers and choices of scoring that are not rules, drawn from their JSON schema: a new one needs nothing here.
import { useId } from "react";
import { problemAt } from "./scoring_draft.js";
import { words } from "./kit.js";

function range(schema) {
  const least = schema.minimum ?? schema.exclusiveMinimum;
  const most = schema.maximum ?? schema.exclusiveMaximum;
  if (least === undefined || most === undefined) return "";
  return `${schema.minimum === undefined ? `More than ${least}` : `${least} or more`}, ${schema.maximum === undefined ? `less than ${most}` : `at most ${most}`}`;
}

function Numeral({ name, schema, value, path, errors, onChange }) {
  const id = useId();
  const problem = problemAt(errors, path);
  return (
    <div className="lf-field">
      <label htmlFor={id}>{schema.title ?? words(name)}</label>
      <input id={id} className="lf-input lf-number" inputMode="decimal" autoComplete="off" value={value ?? ""} aria-invalid={Boolean(problem)} aria-describedby={`${id}-note`} onChange={(event) => onChange(event.target.value)} />
      {problem ? <p id={`${id}-note`} className="lf-error" role="alert">{problem}</p> : <p id={`${id}-note`} className="lf-help">{range(schema)}</p>}
    </div>
  );
}

function Choice({ schema, value, problem, onChange }) {
  const id = useId();
  return (
    <div className="lf-field">
      <label htmlFor={id}>{schema.title}</label>
      <select id={id} className="lf-select" value={value} aria-invalid={Boolean(problem)} aria-describedby={problem ? `${id}-note` : undefined} onChange={(event) => onChange(event.target.value)}>{Object.entries(schema.labels).map(([key, label]) => <option key={key} value={key}>{label}</option>)}</select>
      {problem && <p id={`${id}-note`} className="lf-error" role="alert">{problem}</p>}
    </div>
  );
}

export function Numbers({ heading, help, properties, values, path, errors, onChange }) {
  const own = path && errors.find((each) => each.field === `config.${path}`)?.message;
  return (
    <section className="lf-sgroup" aria-label={heading}>
      <div className="lf-sgroup__head"><div><h2 className="lf-heading">{heading}</h2><p className="lf-muted">{help}</p></div></div>
      {own && <p className="lf-error" role="alert">{own}</p>}
      {Object.keys(values).filter((name) => properties[name]?.labels).map((name) => <Choice key={name} schema={properties[name]} value={values[name]} problem={problemAt(errors, path ? `${path}.${name}` : name)} onChange={(text) => onChange({ ...values, [name]: text })} />)}
      <div className="lf-snumbers">
        {Object.keys(values).filter((name) => properties[name]?.type === "number").map((name) => (
          <Numeral key={name} name={name} schema={properties[name]} value={values[name]} path={path ? `${path}.${name}` : name} errors={own ? errors.filter((each) => each.field !== `config.${path}`) : errors} onChange={(text) => onChange({ ...values, [name]: text })} />
        ))}
      </div>
    </section>
  );
}
