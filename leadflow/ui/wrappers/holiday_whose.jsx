// Whose a holiday is: everybody's, a team's or a person's.
import { Field } from "./saving.jsx";

// "team:…" or "person:…" in a select, and what the API is told.
export const whoseOf = (value) => (value ? { [value.split(":")[0]]: value.split(":")[1] } : {});

export function Whose({ id, value, onChange, teams, people }) {
  return (
    <Field id={id} label="For whom">
      <select id={id} className="lf-select" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Everybody</option>
        {teams.length > 0 && <optgroup label="A team and those below it">{teams.map((each) => <option key={each.id} value={`team:${each.id}`}>{each.name}</option>)}</optgroup>}
        <optgroup label="One person">{people.map((each) => <option key={each.id} value={`person:${each.id}`}>{each.name}</option>)}</optgroup>
      </select>
    </Field>
  );
}
