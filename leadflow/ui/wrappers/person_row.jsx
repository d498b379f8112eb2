// One person: who they are, what they may do, where they stand, and what can be done about it.
import { useEffect, useRef } from "react";
import { Avatar } from "./kit.js";
import { Pick } from "./pick.jsx";
import { RowMenu } from "./row_menu.jsx";

const ACTIVE = [{ key: "suspend", name: "Suspend…" }, { key: "offboard", name: "Hand over and remove from work…" }];
const SUSPENDED = [{ key: "reinstate", name: "Let in again" }, { key: "offboard", name: "Hand over their leads…" }];

export function PersonRow({ person, isMe, roles, places, moved, onRole, onTeam, onMenu }) {
  const row = useRef(null);
  const isMoved = moved === person.id;
  // Somebody who was given another team is drawn there anew: the eye and the keyboard go along.
  useEffect(() => {
    if (!isMoved) return;
    row.current.scrollIntoView({ block: "nearest" });
    row.current.querySelector(`#team-${person.id}`)?.focus({ preventScroll: true });
  }, [isMoved]);
  const isSuspended = person.state === "suspended";
  return (
    <li ref={row} className={`lf-member ${isSuspended ? "is-suspended" : ""} ${isMoved ? "is-flash-0" : ""}`}>
      <span className="lf-member__who">
        <span aria-hidden="true"><Avatar person={person} size={24} /></span>
        <span className="lf-member__name lf-clip" title={person.name}><bdi>{person.name}</bdi></span>
        {isMe && <span className="lf-tag">You</span>}
      </span>
      <span className="lf-member__mail lf-clip lf-muted" title={person.email}>{person.email}</span>
      <Pick
        label={`Role of ${person.name}`} value={person.role} options={roles} fallback={person.role_name} onPick={onRole}
        disabled={isMe} title={isMe ? "Your own role is changed by somebody else" : undefined}
      />
      <Pick id={`team-${person.id}`} label={`Team of ${person.name}`} value={person.team ?? ""} options={places} onPick={(team) => onTeam(team || null)} />
      <span className="lf-member__state">{isSuspended ? <span className="lf-tag lf-tag--warn">Suspended</span> : <span className="lf-muted">Active</span>}</span>
      <span className="lf-member__menu">
        {!isMe && <RowMenu name={person.name} label={`More for ${person.name}`} items={isSuspended ? SUSPENDED : ACTIVE} onPick={onMenu} />}
      </span>
    </li>
  );
}
