// The lead's band, and the menu by which somebody holds it in another for a while.
import { useRef, useState } from "react";
import { useLead } from "./lead_store.js";
import { Band, Icon, Menu, exactTime, failed, may, rest, toast, until, useMe, useNow } from "./kit.js";

const BANDS = ["hot", "warm", "cold"];
const DAYS = [1, 7, 30];
const RELEASE = "release";
const days = (count) => `${count} ${count === 1 ? "day" : "days"}`;

// What was held before comes back with Undo; `before` is that, or nothing.
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
    try {
      await put(wanted);
      toast(wanted ? `Held as ${wanted.band} for ${days(wanted.hours / 24)}.` : "Back to its automatic band.", { undo });
    } catch (error) {
      failed("The band was not changed.", error);
    }
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
    if (BANDS.includes(key)) { setOpen(key); return; }
    close(true);
    hold(key === RELEASE ? null : { band: open, hours: Number(key) * 24, reason: "" });
  };
  const bands = BANDS.map((band) => ({ key: band, name: `Hold as ${band}…` }));
  const items = lead.held_until ? [...bands, { key: RELEASE, name: `Return to automatic${score?.automatic_band ? ` (${score.automatic_band})` : ""}` }] : bands;
  return (
    <>
      <button ref={button} type="button" className="lf-choice lf-bandchoice" aria-haspopup="menu" aria-expanded={open !== null} aria-label={`Band: ${lead.band}${lead.held_until ? ", held by hand" : ""}. Change`} onClick={() => setOpen("band")}>
        {face}<Icon name="ChevronRight" size={12} className="lf-bandchoice__mark" />
      </button>
      {open === "band" && <Menu key="band" anchor={button.current} label="Band" items={items} onPick={pick} onClose={close} />}
      {open && open !== "band" && <Menu key={open} anchor={button.current} label={`Hold as ${open} for`} items={DAYS.map((count) => ({ key: String(count), name: days(count) }))} onPick={pick} onClose={close} />}
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
