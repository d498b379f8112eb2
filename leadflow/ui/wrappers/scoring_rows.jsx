// One rule as a row that can be edited: who a lead is, or what it does.
import { Icon } from "./kit.js";
import { problemAt } from "./scoring_draft.js";
import { WordsInput } from "./words_input.jsx";

const OWN = "custom:";

function Cell({ label, problem, id, children }) {
  return (
    <div className="lf-srule__cell">
      <label className="lf-srule__label" htmlFor={id}>{label}</label>
      {children}
      {problem && <p className="lf-error" role="alert">{problem}</p>}
    </div>
  );
}

function Text({ id, label, value, path, errors, isNumber = false, name, onChange, ...rest }) {
  const problem = problemAt(errors, path);
  return (
    <Cell id={id} label={label} problem={problem}>
      <input id={id} className={`lf-input ${isNumber ? "lf-number" : ""}`} inputMode={isNumber ? "decimal" : "text"} autoComplete="off" aria-label={name ? `${name}: ${label.toLowerCase()}` : label} aria-invalid={Boolean(problem)} value={value ?? ""} onChange={(event) => onChange(event.target.value)} {...rest} />
    </Cell>
  );
}

function Remove({ name, onRemove }) {
  return <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small lf-srule__x" aria-label={`Remove ${name}`} onClick={onRemove}><Icon name="X" /></button>;
}

function Attribute({ id, rule, name, attributes, onChange }) {
  const isOwn = rule.attribute.startsWith(OWN);
  const isKnown = isOwn || attributes.some((each) => each.key === rule.attribute);
  return (
    <>
      <select id={id} className="lf-select" aria-label={`${name}: what it is about`} value={isOwn ? OWN : rule.attribute} onChange={(event) => onChange({ attribute: event.target.value, values: [] })}>
        {attributes.map((each) => <option key={each.key} value={each.key}>{each.label}</option>)}
        {!isKnown && <option value={rule.attribute}>{rule.attribute}</option>}
        <option value={OWN}>A field of your own</option>
      </select>
      {isOwn && <input className="lf-input" aria-label={`${name}: name of your field`} placeholder="Name of the field" maxLength={70} autoComplete="off" value={rule.attribute.slice(OWN.length)} onChange={(event) => onChange({ attribute: OWN + event.target.value.toLowerCase().replace(/\W+/g, "_") })} />}
    </>
  );
}

export function FitRow({ rule, place, attributes, errors, onChange, onRemove }) {
  const path = `fit.${place}`;
  const id = `fit-${rule.key}`;
  const name = rule.label.trim() || `rule ${place + 1}`;
  const about = attributes.find((each) => each.key === rule.attribute);
  const values = problemAt(errors, `${path}.values`);
  return (
    <li className="lf-srule lf-srule--fit" aria-label={name}>
      <Text id={`${id}-label`} label="Name" value={rule.label} path={`${path}.label`} errors={errors} maxLength={80} onChange={(label) => onChange({ label })} />
      <Cell id={`${id}-attribute`} label="About" problem={problemAt(errors, `${path}.attribute`)}><Attribute id={`${id}-attribute`} rule={rule} name={name} attributes={attributes} onChange={onChange} /></Cell>
      <Cell label="Is one of" problem={values}><WordsInput id={`${id}-values`} label={`${name}: values`} values={rule.values} known={about?.values ?? []} placeholder="Anything" isInvalid={Boolean(values)} onChange={(given) => onChange({ values: given })} /></Cell>
      <Text id={`${id}-points`} label="Points" name={name} isNumber value={rule.points} path={`${path}.points`} errors={errors} onChange={(points) => onChange({ points })} />
      <Remove name={name} onRemove={onRemove} />
    </li>
  );
}

export function EngagementRow({ rule, path, place, behaviours, errors, isOther = false, onChange, onRemove }) {
  const id = `did-${rule.key}`;
  const name = rule.label.trim() || `rule ${place + 1}`;
  const cell = { errors, isNumber: true, name };
  return (
    <li className="lf-srule lf-srule--did" aria-label={name}>
      <Text id={`${id}-label`} label="Name" value={rule.label} path={`${path}.label`} errors={errors} maxLength={80} onChange={(label) => onChange({ label })} />
      {isOther
        ? <div className="lf-srule__cell lf-srule__other">Anything without a rule</div>
        : <Text id={`${id}-behaviour`} label="Behaviour" name={name} value={rule.behaviour} path={`${path}.behaviour`} errors={errors} maxLength={80} list="lf-behaviours" placeholder="webinar_attended" onChange={(behaviour) => onChange({ behaviour: behaviour.trim(), ...(!rule.label && behaviours[behaviour] && { label: behaviours[behaviour] }) })} />}
      <Text id={`${id}-points`} label="Points each" value={rule.points} path={`${path}.points`} onChange={(points) => onChange({ points })} {...cell} />
      <Text id={`${id}-limit`} label="At most" value={rule.limit} path={`${path}.limit`} onChange={(limit) => onChange({ limit })} {...cell} />
      <Text id={`${id}-half`} label="Halved every (days)" value={rule.half_life_days} path={`${path}.half_life_days`} onChange={(days) => onChange({ half_life_days: days })} {...cell} />
      <Remove name={name} onRemove={onRemove} />
    </li>
  );
}
