// One lead in the list: a table row where there is room, two lines on a phone.
import { memo } from "react";
import { Link } from "react-router";
import { Cell } from "./cell_editor.jsx";
import { Avatar, Band, Moved, ScoreBar, exactTime, money, useNow, useRow, when, words } from "./kit.js";

const titleOf = (row) => row.name || row.email || "No name";

function Time({ at }) {
  const now = useNow();
  return at ? <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>{when(at, now)}</time> : <span className="lf-muted">–</span>;
}

const CELLS = {
  name: (row, names, tab) => (
    <Link className="lf-tr__link lf-clip" to={`/leads/${row.id}`} tabIndex={tab} dir="auto" title={titleOf(row)}>{titleOf(row)}</Link>
  ),
  company: (row) => (row.company ? <bdi className="lf-clip" title={row.company}>{row.company}</bdi> : <span className="lf-muted">–</span>),
  score: (row) => <><span className="lf-tr__score lf-number">{Math.round(row.score)}</span><ScoreBar score={row.score} band={row.band} /><Band band={row.band} heldUntil={row.held_until} /><Moved by={row.moved} /></>,
  stage: (row, names) => <span className="lf-clip">{names.stages.get(row.stage) ?? row.stage}</span>,
  owner: (row, names) => {
    const person = names.people.get(row.owner);
    return person ? <><Avatar person={person} /><span className="lf-clip">{person.name}</span></> : <span className="lf-muted">No owner</span>;
  },
  source: (row) => <span className="lf-clip">{words(row.source)}</span>,
  value: (row) => <span className="lf-number">{row.value ? money(row.value, row.currency) : <span className="lf-muted">–</span>}</span>,
  reason: (row) => <span className="lf-clip lf-muted" title={row.reason ?? undefined}>{row.reason}</span>,
  captured_at: (row) => <Time at={row.captured_at} />,
};

function flashOf(row, key) {
  const isHit = row.flash && (row.changed.includes(key) || row.changed[0] === "*");
  return isHit ? `is-flash-${row.flash % 2}` : "";
}

function Pick({ row, isChosen, isActive, onChoose }) {
  return <label className="lf-pick"><input type="checkbox" aria-label={`Select ${titleOf(row)}`} checked={isChosen} tabIndex={isActive ? 0 : -1} onChange={(event) => onChoose(row.id, event.nativeEvent.shiftKey)} /></label>;
}

export const LeadRow = memo(function LeadRow({ id, index, top, store, columns, names, isActive, isChosen, onChoose, edit, editing }) {
  const row = useRow(store, id);
  if (!row) return null;
  return (
    <div role="row" aria-rowindex={index + 2} className={`lf-tr lf-tr--lead ${row.left ? "is-gone" : ""} ${isChosen ? "is-chosen" : ""}`} data-index={index} style={{ transform: `translateY(${top}px)` }}>
      {onChoose && <div role="cell" className="lf-td"><Pick row={row} isChosen={isChosen} isActive={isActive} onChoose={onChoose} /></div>}
      {columns.map((column) => (
        <Cell key={column.key} row={row} column={column} store={store} names={names} edit={edit} isEditing={editing === column.key} className={`lf-td ${column.align ? "is-end" : ""} ${flashOf(row, column.key)}`}>
          {CELLS[column.key](row, names, isActive ? 0 : -1)}
        </Cell>
      ))}
    </div>
  );
});

export const LeadLine = memo(function LeadLine({ id, index, top, store, names, isActive, isChosen, onChoose }) {
  const row = useRow(store, id);
  if (!row) return null;
  return (
    <div role="row" aria-rowindex={index + 2} className={`lf-line ${row.left ? "is-gone" : ""} ${isChosen ? "is-chosen" : ""} ${onChoose ? "is-picking" : ""} ${row.flash ? `is-flash-${row.flash % 2}` : ""}`} data-index={index} style={{ transform: `translateY(${top}px)` }}>
      {onChoose && <div role="cell" className="lf-line__pick"><Pick row={row} isChosen={isChosen} isActive={isActive} onChoose={onChoose} /></div>}
      <div role="cell" className="lf-line__cell">
        <span className="lf-line__top">
          <Link className="lf-line__link lf-clip" to={`/leads/${row.id}`} tabIndex={isActive ? 0 : -1} dir="auto">{titleOf(row)}</Link>
          <Moved by={row.moved} />
          <Band band={row.band} heldUntil={row.held_until} />
          <span className="lf-line__score lf-number">{Math.round(row.score)}</span>
        </span>
        <span className="lf-line__sub lf-muted">
          <span className="lf-clip">{[row.company, names.stages.get(row.stage), row.value ? money(row.value, row.currency, { tight: true }) : ""].filter(Boolean).join(" · ")}</span>
          <Avatar person={names.people.get(row.owner)} />
        </span>
      </div>
    </div>
  );
});
