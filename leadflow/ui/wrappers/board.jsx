// The live board: columns by stage, one snapshot, then patches.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { DndContext, DragOverlay, KeyboardSensor, MouseSensor, TouchSensor, pointerWithin, rectIntersection, useSensor, useSensors } from "@dnd-kit/core";
import { Empty, Failed, RowStore, may, opened, subscribe, useLiveStatus, useMe, useUrl, wake } from "./kit.js";
import { BoardCard } from "./board_card.jsx";
import { BoardColumn, BoardSkeleton, StageTabs } from "./board_column.jsx";
import { useMove } from "./board_move.js";
import { MOVING_KEYS, WALKING_KEYS, announcements, columnToColumn, instructions, walk } from "./board_keys.js";
import { UNFILTERED, isFiltered, wantedOf, watchedOf } from "./lead_query.js";
import { useKeysSaid } from "./commands.js";
import "./board.css";
import "./offers.css";

const byScore = (a, b) => b.score - a.score || b.captured_at - a.captured_at || (a.id < b.id ? 1 : -1);
// As many cards of a stage as a snapshot brings: whoever comes in below them is counted, and found in the list.
const DEPTH = 100;
const REFILL_MS = 5_000;
// Held outside: a new object would wake every card with every patch.
const MOUSE = { activationConstraint: { distance: 6 } };
const TOUCH = { activationConstraint: { delay: 220, tolerance: 8 } };
const KEYBOARD = { coordinateGetter: columnToColumn, keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter"] } };
const collide = (args) => (args.pointerCoordinates ? pointerWithin(args) : rectIntersection(args));

function useBoard(filter) {
  const [board, setBoard] = useState(null);
  const key = JSON.stringify(filter);
  useEffect(() => {
    const store = new RowStore({ group: (row) => row.stage, compare: byScore, depth: DEPTH });
    let filled = 0;
    let stop = () => {};
    const watch = () => {
      filled = Date.now();
      stop();
      stop = subscribe({ view: "board", filter }, {
        snapshot: (frame) => {
          store.replace(frame.rows);
          setBoard({ store, stages: frame.stages, people: new Map(frame.people.map((each) => [each.id, each])), counts: frame.counts });
        },
        patch: (frame) => {
          const wasEmpty = store.size === 0;
          store.patch(frame);
          // Counts come later and less often; the first lead does not wait for them.
          if (wasEmpty && store.size > 0) setBoard((before) => before && { ...before });
          if (!frame.counts) return;
          setBoard((before) => before && { ...before, counts: frame.counts });
          // When many of the best have left, those that came after them are not known here: ask for a new picture.
          const lacks = Object.entries(frame.counts).some(([stage, each]) => store.lacks(stage, each.count));
          if (lacks && Date.now() - filled > REFILL_MS) watch();
        },
        refused: (message) => setBoard({ refused: message }),
      });
    };
    setBoard((before) => before && { ...before, stale: true });
    watch();
    return () => stop();
  }, [key]);
  return board;
}

// Closed stages start folded where there is little room; the choice is remembered in this browser.
function useFolded() {
  const [folded, setFolded] = useState(() => {
    try { return JSON.parse(localStorage.getItem("lf.folded")) ?? null; } catch { return null; }
  });
  const isFolded = (stage, choice = folded) => choice?.[stage.key] ?? (stage.kind !== "open" && innerWidth >= 768 && innerWidth < 1720);
  const fold = useCallback((stage) => setFolded((before) => ({ ...before, [stage.key]: !isFolded(stage, before) })), []);
  useEffect(() => { if (folded) localStorage.setItem("lf.folded", JSON.stringify(folded)); }, [folded]);
  return [isFolded, fold];
}

function Board({ staleAfterDays, onAdd }) {
  const [params, setUrl] = useUrl();
  const { q: _q, sort: _sort, ...wanted } = wantedOf(params);
  const filter = useMemo(() => wanted, [JSON.stringify(wanted)]);
  const clear = () => setUrl(UNFILTERED);
  const board = useBoard(useMemo(() => watchedOf(filter), [filter]));
  const status = useLiveStatus();
  if (!board) return status === "offline" ? <Failed what="The board could not be loaded." retry={wake} /> : <BoardSkeleton />;
  if (board.refused) return <Failed what="The board cannot be shown with these filters." error={{ message: board.refused }} retry={clear} />;
  const total = Object.values(board.counts).reduce((sum, each) => sum + each.count, 0);
  if (total === 0 && board.store.size === 0) return <NoLeads filtered={isFiltered(filter)} clear={clear} onAdd={onAdd} />;
  return <Columns board={board} filter={filter} staleAfterDays={staleAfterDays} />;
}

export const LeadBoard = opened("board", Board);

function NoLeads({ filtered, clear, onAdd }) {
  const me = useMe();
  if (filtered) return <Empty title="No lead matches these filters."><button type="button" className="lf-button" onClick={clear}>Clear filters</button></Empty>;
  return (
    <Empty title="Leads appear here the moment they come in, the hottest on top.">
      {may(me, "leads.write") && <button type="button" className="lf-button lf-button--primary" onClick={() => onAdd?.()}>Add a lead</button>}
      {may(me, "leads.import") && <a className="lf-link" href="/import">Import a file</a>}
    </Empty>
  );
}

function Columns({ board, filter, staleAfterDays }) {
  const { store, stages, people, counts } = board;
  const canMove = may(useMe(), "leads.write");
  useKeysSaid(WALKING_KEYS);
  useKeysSaid(MOVING_KEYS, canMove);
  const [isFolded, fold] = useFolded();
  const [dragged, setDragged] = useState(null);
  const root = useRef(null);
  const { move, moves, focusNext } = useMove(store, stages);
  const names = useMemo(() => new Map(stages.map((stage) => [stage.key, stage.name])), [stages]);
  const sensors = useSensors(
    useSensor(MouseSensor, MOUSE),
    useSensor(TouchSensor, TOUCH),
    useSensor(KeyboardSensor, KEYBOARD),
  );
  const nameOf = useCallback((id) => store.row(id)?.name || "Lead without a name", [store]);
  const speech = useMemo(() => ({ announcements: announcements(nameOf, names), screenReaderInstructions: instructions }), [nameOf, names]);

  useLayoutEffect(() => {
    if (!focusNext.current) return;
    const { id, to } = focusNext.current;
    const column = root.current.querySelector(`[data-stage="${to}"]`);
    focusNext.current = null;
    (column?.querySelector(`[data-card="${id}"] a`) ?? column?.querySelector("button"))?.focus();
  }, [moves]);

  const drop = ({ active, over, activatorEvent }) => {
    setDragged(null);
    if (over) move(active.data.current.id, over.id, { keepFocus: activatorEvent instanceof KeyboardEvent });
  };

  return (
    <DndContext
      sensors={sensors} collisionDetection={collide} accessibility={speech}
      onDragStart={({ active }) => setDragged(active.data.current.id)} onDragCancel={() => setDragged(null)} onDragEnd={drop}
    >
      <StageTabs root={root} stages={stages} counts={counts} />
      <div ref={root} className={`lf-board ${board.stale ? "is-stale" : ""} ${dragged ? "is-dragging" : ""}`} onKeyDown={(event) => dragged || walk(event)}>
        {stages.map((stage) => (
          <BoardColumn
            key={stage.key} stage={stage} stages={stages} store={store} people={people} filter={filter} moves={moves}
            total={counts[stage.key]?.count ?? 0} value={counts[stage.key]?.value} mean={counts[stage.key]?.mean}
            folded={isFolded(stage)} onFold={fold} canMove={canMove} move={move} focusNext={focusNext} dragged={dragged} staleAfterDays={staleAfterDays}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>{dragged && store.has(dragged) ? <BoardCard store={store} id={dragged} people={people} lifted /> : null}</DragOverlay>
    </DndContext>
  );
}
