// What a strategy can be told, drawn from its JSON schema: a new strategy needs nothing here.
import { useId } from "react";
import { number, words } from "./kit.js";
import { problemAt } from "./rule_draft.js";

// The part of a schema that says what a value is, wherever it stands.
function meant(schema, root) {
  const aim = schema.$ref ? root.$defs?.[schema.$ref.split("/").at(-1)] : (schema.anyOf ?? schema.allOf)?.find((each) => each.type !== "null");
  return aim ? { ...meant(aim, root), ...schema } : schema;
}

const labelOf = (name, schema) => words((schema.title ?? name).toLowerCase());
const range = ({ minimum, maximum }) => (minimum === undefined || maximum === undefined ? "" : `${number(minimum)} to ${number(maximum)}`);

// What is no number goes as it was written, for the server to name the way out.
const asNumber = (text) => (text.trim() === "" ? undefined : Number.isFinite(Number(text)) ? Number(text) : text);

function Weights({ schema, value, people, path, errors, onChange }) {
  const { minimum = 1, maximum } = schema.additionalProperties;
  const put = (id, weight) => {
    const { [id]: _, ...others } = value ?? {};
    onChange(weight === undefined ? others : { ...others, [id]: weight });
  };
  if (people.length === 0) return <p className="lf-help">Say first who may be chosen.</p>;
  return (
    <ul className="lf-weights">
      {people.map((person) => {
        const problem = problemAt(errors, `${path}.${person.id}`);
        return (
          <li key={person.id} className="lf-weights__row">
            <bdi className="lf-clip">{person.name}</bdi>
            <input
              className="lf-input lf-number" type="number" inputMode="numeric" min={minimum} max={maximum} aria-label={`Weight of ${person.name}`} aria-invalid={Boolean(problem)}
              value={value?.[person.id] ?? ""} placeholder={String(minimum)} onChange={(event) => put(person.id, asNumber(event.target.value))}
            />
            {problem && <p className="lf-error" role="alert">{problem}</p>}
          </li>
        );
      })}
    </ul>
  );
}

function Control({ id, kind, schema, value, strategies, noted, onChange }) {
  const shared = { id, "aria-describedby": noted, "aria-invalid": undefined };
  if (kind === "choice") {
    return (
      <select {...shared} className="lf-select" value={value} onChange={(event) => onChange(schema.enum.find((each) => String(each) === event.target.value))}>
        {schema.enum.map((each) => <option key={each} value={each}>{words(String(each))}</option>)}
      </select>
    );
  }
  if (kind === "strategy") {
    return (
      <select {...shared} className="lf-select" value={value} onChange={(event) => onChange(event.target.value)}>
        {strategies.map((each) => <option key={each.key} value={each.key}>{each.title}</option>)}
      </select>
    );
  }
  if (kind === "number") return <input {...shared} className="lf-input lf-number lf-options__number" type="number" min={schema.minimum} max={schema.maximum} value={value ?? ""} onChange={(event) => onChange(asNumber(event.target.value))} />;
  if (kind === "text") return <input {...shared} className="lf-input" value={value ?? ""} maxLength={schema.maxLength} onChange={(event) => onChange(event.target.value)} />;
  return <p className="lf-muted" id={id}>{JSON.stringify(value)} <span className="lf-help">Set through the API, and kept as it is.</span></p>;
}

function kindOf(schema) {
  if (schema.enum) return "choice";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "boolean") return "yes";
  if (schema.type === "string") return schema.format === "strategy" ? "strategy" : "text";
  if (schema.type === "object" && ["integer", "number"].includes(schema.additionalProperties?.type)) return "weights";
  return "other";
}

function Option({ name, schema, value, context, onChange }) {
  const id = useId();
  const { path, errors } = context;
  const kind = kindOf(schema);
  const problem = kind === "weights" ? errors.find((each) => each.field === path)?.message : problemAt(errors, path);
  const help = [schema.description, kind === "number" ? range(schema) : ""].filter(Boolean).join(", ");
  const note = problem ? <p id={`${id}-note`} className="lf-error" role="alert">{problem}</p> : help && <p id={`${id}-note`} className="lf-help">{help}</p>;
  const noted = note ? `${id}-note` : undefined;
  const label = labelOf(name, schema);
  if (kind === "yes") return <div className="lf-field"><label className="lf-check"><input type="checkbox" checked={Boolean(value)} aria-describedby={noted} onChange={(event) => onChange(event.target.checked)} /> {label}</label>{note}</div>;
  if (kind === "weights") return <div className="lf-field" role="group" aria-label={label}><span className="lf-label" aria-hidden="true">{label}</span><Weights schema={schema} value={value} people={context.people} path={path} errors={errors} onChange={onChange} />{note}</div>;
  return <div className="lf-field"><label htmlFor={id}>{label}</label><Control id={id} kind={kind} schema={schema} value={value} strategies={context.strategies} noted={noted} onChange={onChange} />{note}</div>;
}

export function OptionsForm({ strategy, strategies, options, people, path, errors, without = [], onChange }) {
  const schema = strategies.find((each) => each.key === strategy)?.options ?? {};
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => !without.includes(name)).map(([name, each]) => [name, meant(each, schema)]);
  // What every strategy can be told comes after what this one alone can.
  const isShared = (name) => strategies.every((each) => name in (each.options.properties ?? {}));
  fields.sort(([one], [other]) => isShared(one) - isShared(other));
  const valueOf = (name, each) => options[name] ?? each.default;
  const put = (name, value) => {
    const { [name]: _, ...others } = options;
    onChange(value === undefined ? others : { ...others, [name]: value });
  };
  // Another strategy to fall back on brings options of its own.
  const choose = (name, each, value) => {
    const own = fields.find(([, other]) => other.optionsOf === name)?.[0];
    if (each.format === "strategy" && own) onChange({ ...options, [name]: value, [own]: {} });
    else put(name, value);
  };
  return (
    <>
      {fields.map(([name, each]) => {
        if (each.optionsOf) {
          const inner = String(valueOf(each.optionsOf, meant(schema.properties[each.optionsOf], schema)));
          return (
            <OptionsForm
              key={name} strategy={inner} strategies={strategies} options={valueOf(name, each) ?? {}} people={people} path={`${path}.${name}`} errors={errors}
              without={Object.keys(schema.properties)} onChange={(value) => put(name, value)}
            />
          );
        }
        const context = { people, strategies: strategies.filter((other) => other.key !== strategy), path: `${path}.${name}`, errors };
        return <Option key={name} name={name} schema={each} value={valueOf(name, each)} context={context} onChange={(value) => choose(name, each, value)} />;
      })}
      {errors.filter((each) => each.field === path).map((each) => <p key={each.message} className="lf-error" role="alert">{each.message}</p>)}
    </>
  );
}
