// Before somebody is suspended or leaves: what happens to them, and to their leads.
import { useState } from "react";
import { Dialog, number, plural, query, rest, toast, useOnce, useRest } from "./kit.js";

function useOpenLeads(person) {
  const stages = useOnce("/stages");
  const open = stages?.items.filter((stage) => stage.kind === "open").map((stage) => stage.key).join(",");
  const { data, error } = useRest(open ? `/leads${query({ owner: person.id, stage: open, limit: 1 })}` : null);
  if (error) return undefined;
  return data ? { count: data.total, text: data.total_capped ? `more than ${number(data.total)}` : number(data.total) } : null;
}

function leadsOf(leads) {
  if (leads === undefined) return "Their open leads stay theirs until you hand them over.";
  if (leads === null) return "Looking how many open leads they have…";
  if (leads.count === 0) return "They have no open leads.";
  return `Their ${leads.count === 1 ? "one open lead stays" : `${leads.text} open leads stay`} theirs until you hand them over.`;
}

function Suspend({ person, onClose, onSuspend }) {
  const leads = useOpenLeads(person);
  return (
    <div className="lf-form">
      <p><bdi>{person.name}</bdi> is logged out everywhere at once and cannot log in. {leadsOf(leads)}</p>
      <p className="lf-muted">You can let them in again at any time.</p>
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button>
        <button type="button" className="lf-button lf-button--danger" onClick={() => { onClose(); onSuspend(person); }}>Suspend {person.name}</button>
      </div>
    </div>
  );
}

function Offboard({ person, people, onClose, onGone }) {
  const leads = useOpenLeads(person);
  const [to, setTo] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const others = people.filter((each) => each.id !== person.id && each.state === "active");
  const isSuspended = person.state === "suspended";
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      const { leads: handed } = await rest("POST", `/people/${person.id}/offboard`, { to: to || null });
      const whom = others.find((each) => each.id === to)?.name;
      const went = handed === 0 ? "There were no open leads." : whom ? `${whom} has ${plural(handed, "lead")} more.` : `${plural(handed, "lead")} to be assigned anew.`;
      toast(`${person.name} is removed from work. ${went}`);
      onClose();
      onGone();
    } catch (error) {
      setProblem(error.errors[0]?.message ?? error.message);
      setBusy(false);
    }
  };
  return (
    <form className="lf-form" noValidate onSubmit={submit}>
      {problem && <p className="lf-error lf-error--block" role="alert">{problem}</p>}
      <p>
        {!isSuspended && <><bdi>{person.name}</bdi> is logged out everywhere at once and cannot log in. </>}
        {leads?.count === 0 ? "They have no open leads to hand over." : "What they have won and lost stays theirs; their open leads need somebody else."}
      </p>
      {leads?.count !== 0 && (
        <div className="lf-field">
          <label htmlFor="leaving-to">{leads ? `Hand ${leads.count === 1 ? "the one open lead" : `${leads.text} open leads`} to` : "Hand open leads to"}</label>
          <select id="leaving-to" className="lf-select" value={to} aria-describedby="leaving-note" onChange={(event) => setTo(event.target.value)}>
            <option value="">Nobody yet: assign them anew</option>
            {others.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
          </select>
          <p id="leaving-note" className="lf-help">{to ? "The leads move to their team as well." : "They are given out by the same rules as new leads."}</p>
        </div>
      )}
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button>
        <button type="submit" className="lf-button lf-button--danger" disabled={busy}>{isSuspended ? "Hand over leads" : leads?.count === 0 ? "Remove from work" : "Hand over and remove"}</button>
      </div>
    </form>
  );
}

export function Leaving({ asked, people, onClose, onSuspend, onGone }) {
  const person = asked?.person;
  const heading = asked && (asked.what === "suspend" ? `Suspend ${person.name}?` : person.state === "suspended" ? `Hand over the leads of ${person.name}` : `Remove ${person.name} from work`);
  return (
    <Dialog isOpen={Boolean(asked)} heading={heading ?? ""} onClose={onClose}>
      {asked?.what === "suspend" && <Suspend person={person} onClose={onClose} onSuspend={onSuspend} />}
      {asked?.what === "offboard" && <Offboard person={person} people={people} onClose={onClose} onGone={onGone} />}
    </Dialog>
  );
}
