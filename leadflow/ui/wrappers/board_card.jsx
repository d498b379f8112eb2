// One lead on the board.
import { memo, useCallback, useEffect, useRef, useState } from "react";
import { useDraggable } from "@dnd-kit/core";
import { Link } from "react-router";
import { Avatar, Band, ClaimButton, Countdown, Icon, Menu, Moved, ScoreBar, age, claimLead, exactTime, isCounting, money, useIsOffered, useNow, useRow, wantsStillness, words } from "./kit.js";
import { Trail } from "./trail.jsx";

const DAY = 86_400_000;
const FLASH = { duration: 600, easing: "ease-out", pseudoElement: "::before" };
const MOST_FADING = 4;
let fading = 0;

function Age({ since, stale }) {
  const now = useNow();
  const old = stale && now - since > stale * DAY;
  return (
    <span className={`lf-number ${old ? "lf-warn" : ""}`} title={`In this stage since ${exactTime(since)}${old ? "; that is long" : ""}`}>{age(since, now)}</span>
  );
}

function Course({ row }) {
  const now = useNow();
  return <Trail trail={row.trail} score={row.score} since={row.captured_at} now={now} />;
}

// The card is dragged by whatever it holds, except by these.
const stay = (event) => event.stopPropagation();
const STAYS = { onPointerDown: stay, onMouseDown: stay, onTouchStart: stay };

function Face({ row, people, link, actions, owner, staleAfterDays, isOpen }) {
  const name = row.name || row.email || "No name";
  return (
    <>
      <div className="lf-lead__top">
        <span className="lf-lead__name">{link(name)}</span>
        {actions}
        <Moved by={row.moved} />
        <ScoreBar score={row.score} band={row.band} />
        <span className="lf-lead__score lf-number">{Math.round(row.score)}<span className="lf-visually-hidden"> points</span></span>
      </div>
      <div className="lf-lead__sub">
        <bdi className="lf-clip lf-muted" title={row.company ?? undefined}>{row.company || (row.name && row.email) || (row.company === null ? "" : "No company")}</bdi>
        <Band band={row.band} heldUntil={row.held_until} />
      </div>
      <div className="lf-lead__reason">
        <p className="lf-clip" title={row.reason ?? undefined}>{row.reason}</p>
        <Course row={row} />
      </div>
      <div className="lf-lead__foot lf-muted">
        <span className="lf-clip">{words(row.source)}</span>
        {row.value ? <span className="lf-number">{money(row.value, row.currency, { tight: true })}</span> : null}
        <span className="lf-lead__end">
          {isCounting(row, isOpen) ? <Countdown lead={row} /> : <Age since={row.stage_at} stale={isOpen ? staleAfterDays : 0} />}
          {owner ?? <Avatar person={people.get(row.owner)} />}
        </span>
      </div>
    </>
  );
}

export function BoardCard({ store, id, people, lifted }) {
  const row = useRow(store, id);
  return (
    <div className={`lf-lead ${lifted ? "is-lifted" : ""}`}>
      <Face row={row} people={people} link={(name) => <span className="lf-clip" dir="auto">{name}</span>} staleAfterDays={0} />
    </div>
  );
}

// A change tints its card. The tint fades in a layer of its own; where many change at a time, the layers cost more than
// they show, and it only stands for as long. Not by a class: a card that makes room for another would flash again.
function useFlash(card, flash) {
  useEffect(() => {
    const face = card.current;
    if (!flash || !face || document.hidden || wantsStillness()) return;
    fading += 1;
    setTimeout(() => { fading -= 1; }, FLASH.duration);
    if (fading <= MOST_FADING) return void face.animate([{ opacity: 1 }, { opacity: 0 }], FLASH);
    face.dataset.hit = flash;
    setTimeout(() => { if (face.dataset.hit === String(flash)) delete face.dataset.hit; }, FLASH.duration);
  }, [flash]);
}

export const DraggableCard = memo(function DraggableCard({ id, store, stage, stages, people, canMove, move, isDragged, isTabStop, staleAfterDays }) {
  const live = useRow(store, id);
  const last = useRef(live);
  if (live) last.current = live;
  const row = last.current;
  const gone = !live || live.stage !== stage.key;
  const { attributes, listeners, setNodeRef, setActivatorNodeRef } = useDraggable({
    id: `${stage.key}:${id}`, data: { id, stage: stage.key }, disabled: gone || !canMove,
  });
  const [menu, setMenu] = useState(null);
  const button = useRef(null);
  const card = useRef(null);
  const setCard = useCallback((node) => { card.current = node; setNodeRef(node); }, [setNodeRef]);
  useFlash(card, live?.flash);
  const isOffered = useIsOffered(id) && live && !live.owner && stage.kind === "open";
  if (!row) return null;

  const name = row.name || row.email || "No name";
  const openMenu = () => setMenu(button.current);
  const closeMenu = (back) => { setMenu(null); if (back) button.current?.closest("[data-card]").querySelector("a").focus(); };
  const keys = (event) => {
    if (event.key === "m" && canMove && !event.metaKey && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      openMenu();
    } else if (event.key === "c" && isOffered && !event.metaKey && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      claimLead(id, name);
    } else if (event.key !== "Enter") listeners?.onKeyDown?.(event);
  };
  const state = `${gone ? "is-gone" : ""} ${isDragged ? "is-dragged" : ""}`;
  const link = (name) => (
    <Link
      ref={setActivatorNodeRef} to={`/leads/${id}`} className="lf-lead__link lf-clip" dir="auto" draggable={false} tabIndex={isTabStop ? 0 : -1}
      aria-describedby={canMove ? attributes["aria-describedby"] : undefined} aria-keyshortcuts={[canMove && "m", isOffered && "c"].filter(Boolean).join(" ") || undefined} title={name}
    >
      {name}
    </Link>
  );
  const actions = canMove && (
    <button
      ref={button} type="button" className="lf-lead__menu" tabIndex={-1} aria-haspopup="menu" aria-label={`Move ${row.name || "lead"} to another stage`} title="Move to… (m)"
      onClick={openMenu} {...STAYS}
    >
      <Icon name="Ellipsis" />
    </button>
  );
  const owner = isOffered && <ClaimButton id={id} name={name} className="lf-button lf-button--small lf-lead__claim" tabIndex={-1} title="Claim (c)" {...STAYS} />;
  return (
    <div ref={setCard} role="listitem" className={`lf-lead ${state}`} data-card={id} aria-label={name} {...listeners} onKeyDown={keys}>
      <Face row={row} people={people} link={link} actions={actions} owner={owner || undefined} staleAfterDays={staleAfterDays} isOpen={stage.kind === "open"} />
      {gone && <span className="lf-lead__gone">{live ? `Moved to ${stages.find((each) => each.key === live.stage)?.name}` : "No longer in this view"}</span>}
      {menu && (
        <Menu
          anchor={menu} label="Move to" items={stages.map((each) => ({ ...each, checked: each.key === row.stage }))} onClose={closeMenu}
          onPick={(key) => { closeMenu(true); move(id, key, { keepFocus: true }); }}
        />
      )}
    </div>
  );
});
