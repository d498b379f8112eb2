// Who the lead is, how it stands, and the two buttons that end it.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { LeadAccess } from "./lead_access.jsx";
import { LeadAssignments } from "./lead_assignments.jsx";
import { useCommands } from "./commands.js";
import { LeadPresence } from "./lead_presence.jsx";
import { useLead } from "./lead_store.js";
import { seenOf } from "./edit_rules.js";
import { NotSaved } from "./not_saved.jsx";
import { useUnsaved } from "./unsaved.js";
import { saveAndSay } from "./use_draft.js";
import { useNames } from "./use_names.js";
import { Avatar, Band, ClaimButton, Countdown, Failed, Icon, Menu, Moved, ScoreBar, Skeleton, exactTime, failed, may, money, useIsOffered, useMe, useNow, useOnce, when } from "./kit.js";

export const listOf = (answer, key) => (Array.isArray(answer) ? answer : answer?.[key] ?? answer?.items ?? []);

// A value that opens a menu of the values it may take; the change is saved at once and can be undone.
export function Choice({ label, field, value, items, face, shortcut, verbs }) {
  const { lead, adopt } = useLead();
  const [anchor, setAnchor] = useState(null);
  const button = useRef(null);
  const names = useNames();
  const entry = useUnsaved(lead.id, field);
  const canWrite = may(useMe(), "leads.write");
  useCommands(() => (canWrite ? items.filter((each) => each.key !== (value ?? "")) : []).map((each) => ({ label: `${label}: ${each.name}`, verbs, aliases: verbs, run: () => pick(each.key) })), [canWrite, lead, items.map((each) => each.key).join()]);
  if (!canWrite) return <span className="lf-choice lf-choice--fixed">{face}</span>;
  async function pick(key) {
    try {
      await saveAndSay({ lead, field, values: { [field]: key || null }, seen: seenOf(field, lead), names, settled: adopt });
    } catch (error) {
      failed(`${label} was not changed.`, error);
    }
  }
  return (
    <>
      <button ref={button} type="button" className="lf-choice" data-command={`Change ${label.toLowerCase()}`} data-key={shortcut} aria-haspopup="menu" aria-label={`${label}: ${items.find((each) => each.key === (value ?? ""))?.name ?? "none"}. Change`} onClick={() => setAnchor(button.current)}>
        {face}<NotSaved entry={entry} isBrief />
      </button>
      {anchor && (
        <Menu
          anchor={anchor} label={label} items={items.map((each) => ({ ...each, checked: each.key === (value ?? "") }))}
          onPick={(key) => { setAnchor(null); button.current.focus(); pick(key); }} onClose={(back) => { setAnchor(null); if (back) button.current.focus(); }}
        />
      )}
    </>
  );
}

// The lead with what was chosen for a field and waits for the connection.
function useChosen(field) {
  const { lead } = useLead();
  return { ...lead, ...useUnsaved(lead.id, field)?.change };
}

export function StageChoice() {
  const { stage } = useChosen("stage");
  const stages = listOf(useOnce("/stages"), "stages");
  const now = stages.find((each) => each.key === stage);
  return <Choice label="Stage" shortcut="s" verbs={["stage", "move"]} field="stage" value={stage} items={stages} face={<span className={`lf-stage lf-stage--${now?.kind ?? "open"}`}>{now?.name ?? stage}</span>} />;
}

export function OwnerChoice() {
  const { owner: id } = useChosen("owner");
  const people = listOf(useOnce("/people"), "people");
  const owner = people.find((each) => each.id === id);
  const items = [...people.filter((each) => each.state !== "suspended").map((each) => ({ key: each.id, name: each.name })), { key: "", name: "No owner" }];
  return <Choice label="Owner" shortcut="a" verbs={["owner", "assign"]} field="owner" value={id} items={items} face={<><Avatar person={owner} /><span className="lf-clip">{owner?.name ?? "No owner"}</span></>} />;
}

function Claim({ name }) {
  const { lead, reload } = useLead();
  const isOffered = useIsOffered(lead.id);
  if (!isOffered || lead.owner || lead.outcome) return null;
  return <ClaimButton id={lead.id} name={name} className="lf-button lf-button--primary" onDone={reload} />;
}

function Outcome({ onOutcome }) {
  const { lead } = useLead();
  const me = useMe();
  const stages = listOf(useOnce("/stages"), "stages");
  const kind = stages.find((each) => each.key === lead.stage)?.kind ?? "open";
  if (!may(me, "leads.write")) return null;
  if (kind !== "open") return <Reopen stages={stages} />;
  return (
    <div className="lf-outcome">
      <button type="button" className="lf-button lf-button--danger" data-command="Mark as lost" onClick={() => onOutcome("lost", lead.stage)}><Icon name="Lost" /> Lost</button>
      <button type="button" className="lf-button lf-button--won" data-command="Mark as won" onClick={() => onOutcome("won", lead.stage)}><Icon name="Won" /> Won</button>
    </div>
  );
}

function Reopen({ stages }) {
  const { lead, adopt } = useLead();
  const names = useNames();
  const [anchor, setAnchor] = useState(null);
  const button = useRef(null);
  const reopen = async (stage) => {
    setAnchor(null);
    try {
      await saveAndSay({ lead, field: "stage", values: { stage }, seen: seenOf("stage", lead), names, settled: adopt });
    } catch (error) {
      failed("The lead was not reopened.", error);
    }
  };
  return (
    <div className="lf-outcome">
      <button ref={button} type="button" className="lf-button" data-command="Reopen" aria-haspopup="menu" onClick={() => setAnchor(button.current)}><Icon name="Reload" /> Reopen</button>
      {anchor && <Menu anchor={anchor} label="Reopen in" items={stages.filter((each) => each.kind === "open")} onPick={reopen} onClose={() => setAnchor(null)} />}
    </div>
  );
}

export function LeadHead({ onOutcome }) {
  const { lead, error, reload } = useLead();
  const now = useNow();
  useEffect(() => { if (lead) document.title = `${lead.name || lead.email || "Lead"} · LeadFlow`; }, [lead?.name, lead?.email]);
  if (!lead && error) {
    return error.status === 404
      ? <div className="lf-empty"><h1 className="lf-empty__title">There is no such lead here. It may have been removed.</h1><Link className="lf-button" to="/leads">Back to Leads</Link></div>
      : <><h1 className="lf-visually-hidden">Lead</h1><Failed what="The lead could not be loaded." error={error} retry={reload} /></>;
  }
  if (!lead) return <div className="lf-leadhead" aria-busy="true"><div className="lf-leadhead__who"><Skeleton shape="figure" width={220} /><Skeleton width={320} /></div></div>;
  const name = lead.name || lead.email || "No name";
  return (
    <header className="lf-leadhead">
      <div className="lf-leadhead__who">
        <h1 className="lf-leadhead__name"><bdi>{name}</bdi></h1>
        <p className="lf-leadhead__sub lf-muted">
          {[lead.title, lead.company].filter(Boolean).map((text) => <span key={text}><bdi>{text}</bdi></span>)}
          {lead.value ? <span className="lf-number">{money(lead.value, lead.currency)}</span> : null}
          <span title={exactTime(lead.captured_at)}>Came in {when(lead.captured_at, now)}</span>
          <Countdown lead={lead} isOpen={!lead.closed_at} />
        </p>
      </div>
      <div className="lf-leadhead__state">
        <span className="lf-leadhead__score" title="Score, 0 to 100">
          <span className="lf-number">{Math.round(lead.score)}</span><Moved by={lead.delta} /><ScoreBar score={lead.score} band={lead.band} /><Band band={lead.band} heldUntil={lead.held_until} />
        </span>
        <StageChoice />
        <OwnerChoice />
        <Claim name={name} />
        <LeadAccess />
        <LeadAssignments />
        <LeadPresence />
      </div>
      <Outcome onOutcome={onOutcome} />
    </header>
  );
}
