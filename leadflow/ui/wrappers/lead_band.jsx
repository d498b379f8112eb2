// The lead's band, and the menu by which somebody holds it in another for a while.
import { useRef, useState } from "react";
import { HoldDialog } from "./lead_hold.jsx";
import { useLead } from "./lead_store.js";
import { Band, Icon, Menu, exactTime, failed, may, rest, toast, until, useMe, useNow } from "./kit.js";

const BANDS = ["hot", "warm", "cold"];
const RELEASE = "release";

// What was held before comes back with Undo; `before` is that, or nothing. What is refused is the caller's to tell.
function useHolding() {
  const { id, lead, score, adopt, reload } = useLead();
  const before = score?.held && lead ? { band: lead.band, until: new Date(score.held.until).toISOString(), reason: score.held.reason } : null;
  const put = async (wanted) => {
    if (wanted) adopt((await rest("PUT", `/leads/${id}/band`, wanted)).lead);
    else await rest("DELETE", `/leads/${id}/band`);
    await reload();
  };
  return async (wanted) => {
    const undo = () => put(before).catch((error) => failed("The band was not changed back.", error));
    await put(wanted);
    toast(wanted ? `Held as ${wanted.band}.` : "Back to its automatic band.", { undo });
  };
}

export function BandChoice() {
  const { lead, score } = useLead();
  const me = useMe();
  const hold = useHolding();
  const button = useRef(null);
  const [open, setOpen] = useState(null);
  const face = <Band band={lead.band} heldUntil={lead.held_until} />;
  if (!may(me, "leads.write") || lead.outcome) return face;

  const close = (isBack) => { setOpen(null); if (isBack) button.current.focus(); };
  const pick = (key) => {
    if (key !== RELEASE) { setOpen(key); return; }
    close(true);
    hold(null).catch((error) => failed("The band was not changed.", error));
  };
  const bands = BANDS.map((band) => ({ key: band, name: `Hold as ${band}…` }));
  const items = lead.held_until ? [...bands, { key: RELEASE, name: `Return to automatic${score?.automatic_band ? ` (${score.automatic_band})` : ""}` }] : bands;
  return (
    <>
      <button ref={button} type="button" className="lf-choice lf-bandchoice" aria-haspopup="menu" aria-expanded={open !== null} aria-label={`Band: ${lead.band}${lead.held_until ? ", held by hand" : ""}. Change`} onClick={() => setOpen("band")}>
        {face}<Icon name="ChevronRight" size={12} className="lf-bandchoice__mark" />
      </button>
      {open === "band" && <Menu key="band" anchor={button.current} label="Band" items={items} onPick={pick} onClose={close} />}
      <HoldDialog band={BANDS.includes(open) ? open : null} hold={hold} onClose={() => close(true)} />
    </>
  );
}

export function HeldBand() {
  const { lead, score } = useLead();
  const now = useNow();
  if (!lead.held_until) return null;
  const held = score?.held;
  const automatic = score?.automatic_band;
  return (
    <p className="lf-held" title={exactTime(lead.held_until)}>
      Until {until(lead.held_until, now)}{held?.by && <>, by <bdi>{held.by}</bdi></>}{held?.reason && <>: <bdi>{held.reason}</bdi></>}
      {automatic && automatic !== lead.band && <>. Its score says {automatic}.</>}
    </p>
  );
}
