// Before a team is dissolved: who and what moves to the team above.
import { useState } from "react";
import { Dialog, plural, rest, toast } from "./kit.js";
import { below } from "./tree.js";

const NAMED = 6;

function listed(names) {
  const said = names.length > NAMED ? [...names.slice(0, NAMED - 1), `${names.length - NAMED + 1} others`] : names;
  return said.length > 1 ? `${said.slice(0, -1).join(", ")} and ${said.at(-1)}` : said[0];
}

function Question({ team, teams, people, root, onClose, onDone }) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const above = teams.find((each) => each.id === team.parent);
  const here = people.filter((person) => person.team === team.id).map((person) => person.name);
  const children = below(teams, team.id).map((each) => each.name);
  const dissolve = async () => {
    setBusy(true);
    try {
      await rest("DELETE", `/teams/${team.id}`);
      toast(`${team.name} is dissolved.${here.length ? ` ${plural(here.length, "person", "people")} moved to ${above?.name ?? root.name}.` : ""}`);
      onClose();
      onDone();
    } catch (error) {
      setProblem(error.errors[0]?.message ?? error.message);
      setBusy(false);
    }
  };
  return (
    <div className="lf-form">
      {problem && <p className="lf-error lf-error--block" role="alert">{problem}</p>}
      <p>This moves to <strong><bdi>{above?.name ?? root.name}</bdi></strong>{above ? "" : ", where people are in no team"}:</p>
      <ul className="lf-moves">
        <li>{here.length ? <>{plural(here.length, "person", "people")}: <bdi>{listed(here)}</bdi></> : "Nobody: no one is in this team"}</li>
        {here.length > 0 && <li>All their leads, seen from then on by those who see the leads of <bdi>{above?.name ?? root.name}</bdi></li>}
        {children.length > 0 && <li>{plural(children.length, "team")}: <bdi>{listed(children)}</bdi>, with everybody in {children.length === 1 ? "it" : "them"}</li>}
      </ul>
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button>
        <button type="button" className="lf-button lf-button--danger" disabled={busy} onClick={dissolve}>Dissolve {team.name}</button>
      </div>
    </div>
  );
}

export function Dissolving({ team, ...rest }) {
  return <Dialog isOpen={Boolean(team)} heading={team ? `Dissolve ${team.name}?` : ""} onClose={rest.onClose}>{team && <Question team={team} {...rest} />}</Dialog>;
}
