// Taking a lead that is offered to many: the first has it, the others hear who.
import { useState } from "react";
import { Icon } from "./icons.jsx";
import { claim } from "./offers.js";
import { failed, toast } from "./toasts.jsx";

export async function claimLead(id, name) {
  try {
    const lead = await claim(id);
    toast(`${lead.name || name} is yours.`);
    return lead;
  } catch (error) {
    failed(`${name} is not yours.`, error);
    return null;
  }
}

export function ClaimButton({ id, name, className = "lf-button lf-button--small", onTake, onDone, ...rest }) {
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    onTake?.();
    const lead = await claimLead(id, name);
    setBusy(false);
    onDone?.(lead);
  };
  return (
    <button type="button" className={className} disabled={busy} aria-label={`Claim ${name}`} onClick={take} {...rest}>
      <Icon name="Hand" size={14} /> Claim
    </button>
  );
}
