// How a lead came to its owner: each decision of routing, and each attempt that found nobody.
import { useState } from "react";
import { Decision } from "./decision.jsx";
import { useLead } from "./lead_store.js";
import { Dialog, Failed, Icon, Skeleton, exactTime, useNow, useRest, when } from "./kit.js";

function Decisions({ lead }) {
  const now = useNow();
  const { data, error, reload } = useRest(`/leads/${lead.id}/assignments`);
  if (error) return <Failed what="How this lead was assigned could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="row" count={4} />;
  if (data.items.length === 0) {
    return lead.owner
      ? <p><strong>Assigned by hand.</strong> Whoever brought or changed the lead gave it to its owner; no rule was asked.</p>
      : <p><strong>No rule has decided yet.</strong> Nobody owns the lead, and the rules have not been asked about it.</p>;
  }
  const last = data.items.find((each) => each.chosen);
  return (
    <div className="lf-decisions">
      {lead.owner !== (last?.chosen ?? null) && <p className="lf-notice">{lead.owner ? "Since then somebody gave it to another owner by hand." : "Since then it was taken from its owner, and waits."}</p>}
      {data.items.map((each) => <Decision key={each.id} decision={each} aside={<time className="lf-muted" dateTime={new Date(each.at).toISOString()} title={exactTime(each.at)}>{when(each.at, now)}</time>} />)}
    </div>
  );
}

export function LeadAssignments() {
  const { lead } = useLead();
  const [isOpen, setOpen] = useState(false);
  if (!lead) return null;
  return (
    <>
      <button type="button" className="lf-button lf-button--quiet" onClick={() => setOpen(true)}><Icon name="Route" /> How it was assigned</button>
      <Dialog isOpen={isOpen} heading="How it was assigned" onClose={() => setOpen(false)}>{isOpen && <Decisions lead={lead} />}</Dialog>
    </>
  );
}
