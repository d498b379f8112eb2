// One lead in the list: a table row where there is room, two lines on a phone.
import { memo } from "react";
import { Link } from "react-router";
import { Cell } from "./cell_editor.jsx";
import { Avatar, Band, Moved, money, useRow } from "./kit.js";
import { CELLS, titleOf } from "./lead_cells.jsx";

function flashOf(row, key) {
  const isHit = row.flash && (row.changed.includes(key) || row.changed[0] === "*");
  return isHit ? `is-flash-${row.flash % 2}` : "";
}

function Pick({ row, isChosen, isActive, onChoose }) {
  return <label className="lf-pick"><input type="checkbox" aria-label={`Select ${titleOf(row)}`} checked={isChosen} tabIndex={isActive ? 0 : -1} onChange={(event) => onChoose(row.id, event.nativeEvent.shiftKey)} /></label>;
}

export const LeadRow = memo(function LeadRow({ id, index, top, store, columns, names, isActive, isChosen, onChoose, edit, editing }) {
  const row = useRow(store, id);
  globalThis.lfRowDrawn?.(id); // tests count how often
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
