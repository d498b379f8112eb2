// Everybody, by team: roles and teams are changed in place, and leaving is arranged from here.
import { useState } from "react";
import { Empty, Failed, Icon, Skeleton, UrlText, failed, number, plural, rest, toast, useMe, useRest, useUrl } from "./kit.js";
import { Invitations, Inviting } from "./invitations.jsx";
import { Leaving } from "./leaving.jsx";
import { PersonRow } from "./person_row.jsx";
import { SeatsCard } from "./seats_card.jsx";
import { below, headcounts, teamOptions } from "./tree.js";
import { useRows } from "./use_rows.js";
import "./people.css";

const MANY = 8;
const FLASH_MS = 700;
const found = (person, words) => words.every((word) => `${person.name} ${person.email}`.toLowerCase().includes(word));

function Branch({ team, depth, all }) {
  const [isFolded, setFolded] = useState(false);
  const here = all.people.filter((person) => (all.ids.has(person.team) ? person.team : null) === team.id);
  const children = below(all.teams, team.id).filter((child) => all.shown.get(child.id).all > 0 || !all.isSearch);
  const count = all.counts.get(team.id);
  const isOpen = !isFolded || all.isSearch || here.some((person) => person.id === all.moved);
  return (
    <li className="lf-branch" style={{ "--depth": depth }}>
      <div className="lf-branch__head">
        <button type="button" className="lf-fold" aria-expanded={isOpen} aria-label={`${team.name}, ${count.all ? plural(count.all, "person", "people") : "nobody"}`} onClick={() => setFolded(isOpen)}>
          <Icon name="ChevronRight" size={14} />
          <bdi className="lf-branch__name lf-clip">{team.name}</bdi>
          <span className="lf-muted lf-number">{count.all ? number(count.all) : "nobody yet"}</span>
        </button>
      </div>
      {isOpen && here.length > 0 && <ul aria-label={team.id ? `In ${team.name}` : "In no team"}>{here.map((person) => all.row(person))}</ul>}
      {isOpen && children.length > 0 && <ul aria-label={`Teams below ${team.name}`}>{children.map((child) => <Branch key={child.id} team={child} depth={depth + 1} all={all} />)}</ul>}
    </li>
  );
}

export function PeopleTree() {
  const me = useMe();
  const people = useRows("/people");
  const { data: teams, error: teamsError, reload: loadTeams } = useRest("/teams");
  const { data: roles, error: rolesError, reload: loadRoles } = useRest("/roles");
  const invitations = useRest("/invitations");
  const usage = useRest("/organization/usage");
  const [url] = useUrl();
  const [moved, setMoved] = useState(null);
  const [asked, setAsked] = useState(null);
  const [isInviting, setInviting] = useState(false);
  const error = people.error ?? (teams ? null : teamsError) ?? (roles ? null : rolesError);
  const retry = () => [people.reload, loadTeams, loadRoles].forEach((load) => load());
  if (error) return <Failed what="The people could not be loaded." error={error} retry={retry} />;
  if (!people.rows || !teams || !roles || !me) return <Skeleton shape="entry" count={7} />;

  const root = { id: null, name: me.organization.name };
  const isMany = people.rows.length > MANY;
  const words = isMany ? (url.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean) : [];
  const shown = words.length ? people.rows.filter((person) => found(person, words)) : people.rows;
  const roleOptions = roles.items.map((role) => ({ value: role.id, label: role.name }));
  const placeOf = (id) => teams.items.find((team) => team.id === id)?.name;
  const roleOf = (id) => roles.items.find((role) => role.id === id)?.name ?? id;
  const places = teamOptions(teams.items, "No team");

  const giveRole = (person, role) => people.change(person, { role }, {
    said: (now) => `${person.name}: role ${roleOf(now.role)}.`, refused: `The role of ${person.name} was not changed.`,
  });
  const giveTeam = async (person, team) => {
    setMoved(person.id);
    await people.change(person, { team }, {
      said: (now) => (now.team ? `${person.name} is in ${placeOf(now.team)} now.` : `${person.name} is in no team now.`), refused: `${person.name} was not moved.`,
    });
    setTimeout(() => setMoved((now) => (now === person.id ? null : now)), FLASH_MS);
  };
  const setSuspended = async (person, suspended) => {
    try {
      await rest("PATCH", `/people/${person.id}`, { suspended });
      toast(suspended ? `${person.name} is suspended.` : `${person.name} is let in again.`, { undo: suspended ? () => setSuspended(person, false) : null });
      people.reload();
      usage.reload();
    } catch (problem) {
      failed(suspended ? `${person.name} was not suspended.` : `${person.name} was not let in.`, problem);
    }
  };
  const pick = (person, what) => (what === "reinstate" ? setSuspended(person, false) : setAsked({ person, what }));
  const row = (person) => (
    <PersonRow
      key={person.id} person={person} isMe={person.id === me.account.id} roles={roleOptions} places={places} moved={moved}
      onRole={(role) => giveRole(person, role)} onTeam={(team) => giveTeam(person, team)} onMenu={(what) => pick(person, what)}
    />
  );
  const all = {
    people: shown, teams: teams.items, ids: new Set(teams.items.map((team) => team.id)), row, moved, isSearch: words.length > 0,
    counts: headcounts(teams.items, people.rows), shown: headcounts(teams.items, shown),
  };
  return (
    <div className="lf-people">
      <SeatsCard usage={usage} />
      <div className="lf-people__bar">
        {isMany && <UrlText param="q" placeholder="Search people" />}
        <button type="button" className="lf-button lf-button--primary" onClick={() => setInviting(true)}><Icon name="Plus" /> Invite</button>
      </div>
      <Invitations list={invitations} mail={me.mail} placeOf={placeOf} onChanged={usage.reload} />
      {shown.length === 0 ? <Empty title="Nobody here has this name or address."><span className="lf-muted">Try fewer letters.</span></Empty> : (
        <div className="lf-tree">
          <div className="lf-member lf-member--head" aria-hidden="true"><span>Name</span><span>E-mail</span><span>Role</span><span>Team</span><span>State</span><span /></div>
          <ul aria-label="People by team"><Branch team={root} depth={0} all={all} /></ul>
        </div>
      )}
      {people.rows.length === 1 && <Empty title="You are the only one here. Invite the people you work with; each gets a link of their own."><button type="button" className="lf-button" onClick={() => setInviting(true)}><Icon name="Mail" /> Invite somebody</button></Empty>}
      <Inviting isOpen={isInviting} me={me} roles={roleOptions} places={places} onClose={() => setInviting(false)} onInvited={() => { invitations.reload(); usage.reload(); }} />
      <Leaving asked={asked} people={people.rows} onClose={() => setAsked(null)} onSuspend={(person) => setSuspended(person, true)} onGone={() => { people.reload(); usage.reload(); }} />
    </div>
  );
}
