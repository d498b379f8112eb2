// The teams in their tree: added, renamed, moved and dissolved.
import { useEffect, useRef, useState } from "react";
import { Empty, Failed, Icon, Skeleton, number, plural, rest, toast, useMe, useRest } from "./kit.js";
import { Dissolving } from "./dissolving.jsx";
import { Pick } from "./pick.jsx";
import { RowMenu } from "./row_menu.jsx";
import { TeamName } from "./team_name.jsx";
import { below, headcounts, teamOptions } from "./tree.js";
import { useRows } from "./use_rows.js";
import "./people.css";

const ENTRIES = [{ key: "add", name: "Add a team below" }, { key: "rename", name: "Rename" }, { key: "dissolve", name: "Dissolve…" }];

function Count({ count }) {
  return (
    <span className="lf-team__count lf-muted lf-number">
      {count.here ? plural(count.here, "person", "people") : "nobody"}{count.all > count.here && `, ${number(count.all)} in all`}
    </span>
  );
}

function Added({ parent, depth, all }) {
  return (
    <li className="lf-branch" style={{ "--depth": depth }}>
      <div className="lf-team"><span className="lf-team__who"><TeamName name="" label={parent.id ? `Name of the new team below ${parent.name}` : "Name of the new team"} onSave={(name, byKey) => all.create(name, parent, byKey)} onCancel={all.rest} /></span></div>
    </li>
  );
}

function TeamRow({ team, depth, all }) {
  const isNamed = all.act?.what === "rename" && all.act.team.id === team.id;
  const isAdding = all.act?.what === "add" && all.act.team.id === team.id;
  const children = below(all.teams, team.id);
  const above = all.teams.some((each) => each.id === team.parent) ? team.parent : "";
  return (
    <li className="lf-branch" style={{ "--depth": depth }}>
      <div className="lf-team" id={`row-${team.id}`}>
        <span className="lf-team__who">
          {isNamed ? <TeamName name={team.name} label={`Name of ${team.name}`} onSave={(name, byKey) => all.rename(team, name, byKey)} onCancel={all.rest} /> : (
            <button type="button" className="lf-team__name lf-clip" title={`${team.name}: rename`} aria-label={`Rename ${team.name}`} onClick={() => all.begin("rename", team)}><bdi>{team.name}</bdi></button>
          )}
          <Count count={all.counts.get(team.id)} />
        </span>
        <Pick label={`${team.name} stands below`} value={above} options={teamOptions(all.teams, all.root.name, team.id)} onPick={(parent) => all.move(team, parent || null)} />
        <RowMenu name={team.name} label={`More for ${team.name}`} items={ENTRIES} onPick={(what) => all.begin(what, team)} />
      </div>
      {(children.length > 0 || isAdding) && (
        <ul aria-label={`Teams below ${team.name}`}>
          {children.map((child) => <TeamRow key={child.id} team={child} depth={depth + 1} all={all} />)}
          {isAdding && <Added parent={team} depth={depth + 1} all={all} />}
        </ul>
      )}
    </li>
  );
}

export function TeamTree() {
  const me = useMe();
  const list = useRows("/teams");
  const { data: people, error: peopleError, reload: loadPeople } = useRest("/people");
  const [act, setAct] = useState(null);
  const [place, wanted] = [useRef(null), useRef(undefined)];
  // Where the keyboard goes on once what was asked for is drawn.
  useEffect(() => {
    const found = wanted.current !== undefined && place.current?.querySelector(wanted.current ? `[id="row-${wanted.current}"] button` : ".lf-button--primary");
    if (!found) return;
    found.focus();
    wanted.current = undefined;
  });
  const error = list.error ?? (people ? null : peopleError);
  if (error) return <Failed what="The teams could not be loaded." error={error} retry={() => { list.reload(); loadPeople(); }} />;
  if (!list.rows || !people || !me) return <Skeleton shape="entry" count={5} />;

  const teams = list.rows;
  const root = { id: null, name: me.organization.name };
  const nameOf = (id) => teams.find((team) => team.id === id)?.name ?? root.name;
  const rested = (byKey, id = null) => { setAct(null); if (byKey) wanted.current = id; };
  const rename = async (team, name, byKey) => {
    await rest("PATCH", `/teams/${team.id}`, { name });
    const undo = () => list.change({ ...team, name }, { name: team.name }, { said: () => `${team.name} has its name again.`, refused: "The name was not changed.", isUndo: true });
    toast(`${team.name} is called ${name} now.`, { undo });
    await list.reload();
    rested(byKey, team.id);
  };
  const create = async (name, parent, byKey) => {
    const made = await rest("POST", "/teams", { name, parent: parent.id });
    toast(`${made.name} is there. Put people into it under People.`);
    await list.reload();
    rested(byKey, made.id);
  };
  const move = (team, parent) => list.change(team, { parent }, {
    said: (now) => `${now.name} stands below ${nameOf(now.parent)} now.`, refused: `${team.name} was not moved.`,
  });
  const counts = headcounts(teams, people.items);
  const all = { teams, root, counts, act, begin: (what, team) => setAct({ what, team }), rest: (byKey) => rested(byKey, act?.team?.id), rename, create, move };
  const isAdding = act?.what === "add" && act.team.id === null;
  const button = <button type="button" className="lf-button lf-button--primary" onClick={() => all.begin("add", root)}><Icon name="Plus" /> Add a team</button>;
  return (
    <div className="lf-people" ref={place}>
      {teams.length === 0 && !isAdding ? (
        <Empty title="Teams decide who sees which leads: a rep those of their team, a manager also those of the teams below. Without any, everybody sees the same leads.">{button}</Empty>
      ) : (
        <>
          <div className="lf-people__bar">{button}</div>
          <div className="lf-tree">
            <div className="lf-team lf-team--head" aria-hidden="true"><span>Team</span><span>Stands below</span><span /></div>
            <ul aria-label="Teams">
              <li className="lf-branch" style={{ "--depth": 0 }}>
                <div className="lf-team"><span className="lf-team__who"><bdi className="lf-team__root lf-clip">{root.name}</bdi><Count count={counts.get(null)} /></span></div>
                <ul aria-label={`Teams below ${root.name}`}>
                  {below(teams, null).map((team) => <TeamRow key={team.id} team={team} depth={1} all={all} />)}
                  {isAdding && <Added parent={root} depth={1} all={all} />}
                </ul>
              </li>
            </ul>
          </div>
        </>
      )}
      <Dissolving team={act?.what === "dissolve" ? act.team : null} teams={teams} people={people.items} root={root} onClose={() => rested(false)} onDone={() => Promise.all([list.reload(), loadPeople()]).then(() => rested(true))} />
    </div>
  );
}
