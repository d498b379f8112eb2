// Who sees a lead, and why: for those who arrange people and teams.
import { useState } from "react";
import { useLead } from "./lead_store.js";
import { Avatar, Dialog, Failed, Icon, Skeleton, may, useMe, useRest } from "./kit.js";

function Who({ lead }) {
  const { data, error, reload } = useRest(`/leads/${lead.id}/access`);
  if (error) return <Failed what="Who sees this lead could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="row" count={4} />;
  return (
    <ul className="lf-access" aria-label="Who sees this lead">
      {data.items.map((each) => (
        <li key={each.id} className="lf-access__row">
          <Avatar person={each} />
          <span className="lf-access__who"><span className="lf-clip">{each.name}</span><span className="lf-muted">{each.why}</span></span>
          <span className={each.sees ? "lf-access__may" : "lf-muted"}>{each.changes ? "Sees and changes" : each.sees ? "Sees" : "Does not see"}</span>
        </li>
      ))}
    </ul>
  );
}

export function LeadAccess() {
  const { lead } = useLead();
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  if (!lead || !may(me, "people.manage")) return null;
  return (
    <>
      <button type="button" className="lf-button lf-button--quiet" onClick={() => setOpen(true)}><Icon name="Eye" /> Who sees this?</button>
      <Dialog isOpen={isOpen} heading="Who sees this lead" onClose={() => setOpen(false)}>{isOpen && <Who lead={lead} />}</Dialog>
    </>
  );
}
