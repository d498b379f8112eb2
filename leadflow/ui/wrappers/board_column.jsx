// One stage of the board. While the pointer or the keyboard is inside, nothing in it changes place.
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { useDroppable } from "@dnd-kit/core";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { Link } from "react-router";
import { Icon, Skeleton, countMoves, money, number, plural, query, short, useMedia, wantsStillness } from "./kit.js";
import { DraggableCard } from "./board_card.jsx";

const MOST_SLOTS = 8;
const CALM_MS = 300;
const AHEAD = 4;
// A card's height and the gap below it, as in board.css.
const CARD = { wide: [96, 6], phone: [108, 8] };

function useHeldOrder(live, moves) {
  const [held, setHeld] = useState(null);
  const now = useRef(live);
  now.current = live;
  useEffect(() => setHeld((before) => before && now.current), [moves]);
  const hold = useCallback(() => setHeld((before) => before ?? now.current), []);
  const release = useCallback(() => setHeld(null), []);
  const catchUp = useCallback(() => setHeld(now.current), []);
  return { order: held ?? live, waiting: held && held !== live ? countMoves(held, live) : 0, hold, release, catchUp };
}

// Only cards in sight are in the page, and some above and below: the browser lays out and paints all there are with every
// change. Whoever is held by the keyboard or the pointer stays, however far it is scrolled away.
function useCards(scroller, order, kept) {
  const phone = useMedia("(max-width: 767px)");
  const [height, gap] = CARD[phone ? "phone" : "wide"];
  const held = kept.map((id) => order.indexOf(id)).filter((rank) => rank >= 0);
  const cards = useVirtualizer({
    count: order.length, overscan: AHEAD, gap, getScrollElement: () => scroller.current,
    estimateSize: () => height, getItemKey: (rank) => order[rank],
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...held])].sort((a, b) => a - b),
  });
  useEffect(() => cards.measure(), [phone]);
  return { drawn: cards.getVirtualItems(), total: cards.getTotalSize(), step: height + gap };
}

// Cards in sight slide from where they were to where they are. All cards are equally high, so ranks are places. Where
// one change follows hard on another nobody can follow a slide, and it would only hold up the next one: they jump.
function useSlide(scroller, order, step) {
  const ranks = useRef(null);
  const moved = useRef(0);
  useLayoutEffect(() => {
    const before = ranks.current;
    const isCalm = performance.now() - moved.current > CALM_MS;
    ranks.current = new Map(order.map((id, rank) => [id, rank]));
    moved.current = performance.now();
    if (!before || !isCalm || !scroller.current || document.hidden || wantsStillness()) return;
    for (const card of scroller.current.querySelectorAll("[data-card]")) {
      const was = before.get(card.dataset.card);
      const rank = ranks.current.get(card.dataset.card);
      if (was === undefined || was === rank) continue;
      const from = Math.max(-MOST_SLOTS, Math.min(MOST_SLOTS, was - rank)) * step;
      card.animate([{ transform: `translateY(${from}px)` }, { transform: "none" }], { duration: 160, easing: "ease-out" });
    }
  }, [order]);
}

export const BoardColumn = memo(function BoardColumn({
  stage, stages, store, people, total, value, mean, filter, moves, folded, onFold, canMove, move, focusNext, dragged, staleAfterDays,
}) {
  const watch = useCallback((listener) => store.subscribeList(listener), [store]);
  const live = useSyncExternalStore(watch, () => store.ids(stage.key));
  const { order, waiting, hold, release, catchUp } = useHeldOrder(live, moves);
  const { setNodeRef, isOver } = useDroppable({ id: stage.key, disabled: !canMove });
  const scroller = useRef(null);
  const [current, setCurrent] = useState(null);
  const { drawn, total: height, step } = useCards(scroller, order, [current, dragged, focusNext.current?.id]);
  useSlide(scroller, order, step);

  const currency = live.length ? store.row(live[0])?.currency : null;
  const count = total ?? live.length;
  const sum = value ? money(value, currency, { tight: true }) : "";
  const title = `${stage.name}, ${plural(count, "lead")}`;
  const frame = `lf-column lf-column--${stage.kind} ${folded ? "is-folded" : ""} ${isOver ? "is-over" : ""}`;

  if (folded) {
    return (
      <section ref={setNodeRef} className={frame} aria-label={title} data-stage={stage.key}>
        <button type="button" className="lf-column__unfold" onClick={() => onFold(stage)} aria-expanded="false" title={`Open ${stage.name}`}>
          <span className="lf-column__name">{stage.name}</span>
          <span className="lf-column__count lf-number">{short(count)}</span>
          {sum && <span className="lf-muted lf-number">{sum}</span>}
        </button>
      </section>
    );
  }

  const tabStop = order.includes(current) ? current : order[drawn[0]?.index];
  return (
    <section ref={setNodeRef} className={frame} aria-label={title} data-stage={stage.key}>
      <header className="lf-column__head">
        <h2 className="lf-column__name">{stage.name}</h2>
        <span className="lf-column__count lf-number" title={plural(count, "lead")}>{short(count)}</span>
        {waiting > 0 ? <button type="button" className="lf-waiting lf-number" onClick={catchUp}>{plural(waiting, "lead")} moved</button> : (
          <span className="lf-column__facts lf-number">
            {sum && <span title="Sum of values">{sum}</span>}
            {count > 0 && mean != null && <span title="Mean score">⌀ {number(mean)}<span className="lf-visually-hidden"> mean score</span></span>}
          </span>
        )}
        {stage.kind !== "open" && (
          <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small lf-column__fold" aria-label={`Fold ${stage.name}`} onClick={() => onFold(stage)}><Icon name="Fold" size={14} /></button>
        )}
      </header>
      {count === 0 && order.length === 0 && <p className="lf-column__none">No leads</p>}
      <div
        ref={scroller} className="lf-column__cards"
        onPointerEnter={(event) => event.pointerType === "mouse" && hold()} onPointerLeave={release}
        onFocus={(event) => { event.target.matches(":focus-visible") && hold(); setCurrent(event.target.closest("[data-card]")?.dataset.card ?? null); }}
        onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || release()}
      >
        <div role="list" className="lf-column__list" aria-label={`${stage.name} leads`} style={{ height }}>
          {drawn.map(({ index, start }) => {
            const id = order[index];
            return (
              <div key={id} className="lf-slot" style={{ translate: `0 ${start}px` }}>
                <DraggableCard
                  id={id} store={store} stage={stage} stages={stages} people={people} canMove={canMove} move={move}
                  isDragged={dragged === id} isTabStop={id === tabStop} staleAfterDays={staleAfterDays}
                />
              </div>
            );
          })}
        </div>
      </div>
      {count > live.length && live.length > 0 && (
        <Link className="lf-column__more" to={`/leads${query({ ...filter, stage: stage.key })}`}>
          All {number(count)} in Leads
        </Link>
      )}
    </section>
  );
});

// On a phone one column fills the screen; these jump between them and follow the swipe.
export function StageTabs({ root, stages, counts }) {
  const [current, setCurrent] = useState(stages[0]?.key);
  useEffect(() => {
    const columns = [...root.current.querySelectorAll("[data-stage]")];
    const seen = new IntersectionObserver(
      (entries) => entries.forEach((entry) => entry.isIntersecting && setCurrent(entry.target.dataset.stage)),
      { root: root.current, threshold: 0.6 },
    );
    columns.forEach((column) => seen.observe(column));
    return () => seen.disconnect();
  }, [stages]);
  const show = (key) => {
    const column = root.current.querySelector(`[data-stage="${key}"]`);
    root.current.scrollTo({ left: column.offsetLeft - root.current.offsetLeft - 12, behavior: wantsStillness() ? "instant" : "smooth" });
  };
  return (
    <nav className="lf-stagetabs" aria-label="Stages">
      {stages.map((stage) => (
        <button key={stage.key} type="button" className="lf-tab" aria-current={stage.key === current} onClick={() => show(stage.key)}>
          {stage.name} <span className="lf-number lf-muted">{short(counts[stage.key]?.count ?? 0)}</span>
        </button>
      ))}
    </nav>
  );
}

export function BoardSkeleton() {
  return (
    <div className="lf-board" aria-busy="true" aria-label="Loading the board">
      {[4, 3, 3, 2].map((count, index) => (
        <div key={index} className="lf-column">
          <div className="lf-column__head"><Skeleton width={80} /></div>
          <div className="lf-column__cards"><Skeleton shape="card" count={count} /></div>
        </div>
      ))}
    </div>
  );
}
