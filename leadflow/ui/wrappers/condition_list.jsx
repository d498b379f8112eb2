// A list of conditions, changed row by row.
import { useId } from "react";
import { Icon } from "./kit.js";
import { FIELDS, OPERATORS, fieldName, takesValue } from "./conditions.js";

const EXAMPLES = { "custom.postcode": "80", "custom.employees": "200", country: "DE", domain: "acme.example" };

function Row({ row, problem, label, onChange, onRemove }) {
  const note = useId();
  const fields = FIELDS.some(([key]) => key === row.field) ? FIELDS : [...FIELDS, [row.field, fieldName(row.field)]];
  return (
    <li className="lf-condition">
      <select className="lf-select" aria-label={`Field, ${label}`} value={row.field} onChange={(event) => onChange({ ...row, field: event.target.value })}>
        {fields.map(([key, name]) => <option key={key} value={key}>{name}</option>)}
      </select>
      <select className="lf-select" aria-label={`Comparison, ${label}`} value={row.operator} onChange={(event) => onChange({ ...row, operator: event.target.value })}>
        {OPERATORS.map((operator) => <option key={operator} value={operator}>{operator}</option>)}
      </select>
      {takesValue(row.operator) ? (
        <input className="lf-input" aria-label={`Value, ${label}`} value={row.value} maxLength={200} placeholder={row.operator === "one of" ? "DE, AT, CH" : EXAMPLES[row.field]} aria-invalid={Boolean(problem)} aria-describedby={problem ? note : undefined} onChange={(event) => onChange({ ...row, value: event.target.value })} />
      ) : <span />}
      <button type="button" className="lf-button lf-button--quiet lf-button--icon" aria-label={`Remove ${label}`} onClick={onRemove}><Icon name="X" /></button>
      {problem && <p id={note} className="lf-error" role="alert">{problem}</p>}
    </li>
  );
}

export function ConditionList({ list, problems, empty, onChange }) {
  const { mode, rows } = list;
  const change = (place, row) => onChange({ mode, rows: rows.map((each, at) => (at === place ? row : each)) });
  return (
    <fieldset className="lf-fieldset">
      <legend className="lf-label">Leads</legend>
      {rows.length === 0 && <p className="lf-help">{empty}</p>}
      {rows.length > 1 && (
        <select className="lf-select lf-condition__mode" aria-label="How conditions add up" value={mode} onChange={(event) => onChange({ mode: event.target.value, rows })}>
          <option value="all">All of these hold</option>
          <option value="any">Any of these holds</option>
        </select>
      )}
      <ul className="lf-conditions">
        {rows.map((row, place) => (
          <Row key={place} row={row} problem={problems[place]} label={`condition ${place + 1}`} onChange={(next) => change(place, next)} onRemove={() => onChange({ mode, rows: rows.filter((_, at) => at !== place) })} />
        ))}
      </ul>
      <div><button type="button" className="lf-button lf-button--small" onClick={() => onChange({ mode, rows: [...rows, { field: "custom.postcode", operator: "starts with", value: "" }] })}><Icon name="Plus" /> Add a condition</button></div>
    </fieldset>
  );
}
