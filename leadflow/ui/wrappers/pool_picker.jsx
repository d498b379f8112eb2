// Who may be chosen: everybody who sells, or people and teams.
import { useId } from "react";
import { Avatar, Icon } from "./kit.js";
import { problemAt } from "./rule_draft.js";
import { inOrder } from "./tree.js";

const INDENT = "\u2003";

function Chip({ label, face, onRemove }) {
  return (
    <span className="lf-chip">
      {face}<bdi className="lf-clip">{label}</bdi>
      <button type="button" className="lf-chip__x" aria-label={`Leave out ${label}`} onClick={onRemove}><Icon name="X" size={12} /></button>
    </span>
  );
}

export function PoolPicker({ pool, names, label, path, errors, onChange }) {
  const id = useId();
  const problem = problemAt(errors, path);
  const { people, teams } = names;
  const nameIn = (list, one, gone) => list.find((each) => each.id === one)?.name ?? gone;
  const add = (value) => {
    const [kind, one] = value.split(":");
    if (one) onChange({ ...pool, [kind]: [...pool[kind], one] });
  };
  const leave = (kind, one) => onChange({ ...pool, [kind]: pool[kind].filter((each) => each !== one) });
  const free = people.filter((person) => person.state !== "suspended" && !pool.people.includes(person.id)).sort((one, other) => one.name.localeCompare(other.name));
  const openTeams = inOrder(teams).filter((team) => !pool.teams.includes(team.id));
  const hasSome = pool.people.length + pool.teams.length > 0;
  return (
    <div className="lf-pool" role="group" aria-label={label} aria-describedby={problem ? `${id}-note` : undefined}>
      <div className="lf-segments" role="group" aria-label={`${label}: everybody or some`}>
        <button type="button" className="lf-segment" aria-pressed={pool.everybody} onClick={() => onChange({ ...pool, everybody: true })}>Everybody who sells</button>
        <button type="button" className="lf-segment" aria-pressed={!pool.everybody} onClick={() => onChange({ ...pool, everybody: false })}>People and teams</button>
      </div>
      {(!pool.everybody || hasSome) && (
        <div className="lf-chips">
          {pool.teams.map((one) => <Chip key={one} label={nameIn(teams, one, "A team that is gone")} face={<Icon name="Network" size={14} />} onRemove={() => leave("teams", one)} />)}
          {pool.people.map((one) => <Chip key={one} label={nameIn(people, one, "Somebody who has left")} face={<span aria-hidden="true"><Avatar person={{ id: one, name: nameIn(people, one, "") }} size={16} /></span>} onRemove={() => leave("people", one)} />)}
          <select className="lf-select lf-chips__add" value="" aria-label={`${label}: add a person or a team`} aria-invalid={Boolean(problem)} onChange={(event) => add(event.target.value)}>
            <option value="">Add a person or a team…</option>
            {openTeams.length > 0 && <optgroup label="Teams, with those below">{openTeams.map((team) => <option key={team.id} value={`teams:${team.id}`}>{INDENT.repeat(team.depth - 1) + team.name}</option>)}</optgroup>}
            {free.length > 0 && <optgroup label="People, whatever their role">{free.map((person) => <option key={person.id} value={`people:${person.id}`}>{person.name}</option>)}</optgroup>}
          </select>
        </div>
      )}
      {pool.everybody && hasSome && <p className="lf-help">Everybody who sells, and these as well.</p>}
      {problem && <p id={`${id}-note`} className="lf-error" role="alert">{problem}</p>}
    </div>
  );
}
