// Which cell of the list is being edited, and the keys that get there: the arrows walk along the row, e, F2 or a double
// click open a cell, Enter does so on a cell that is not the lead's link.
import { useCallback, useEffect, useMemo, useState } from "react";
import { FIELDS, columnsOf } from "./edit_rules.js";
import { onSettled } from "./edits.js";
import { may, sets, useMe } from "./frame.jsx";

export const EDITING_KEYS = [{ label: "Along the row", key: "← →" }, { label: "Edit the cell", key: "e" }, { label: "Save the cell, and edit the next", key: "Tab" }];

const cellOf = (element) => element?.closest?.("[data-cell]");
// The column in which the focus is, to be kept when it goes to another row.
export const columnHeld = () => cellOf(document.activeElement)?.dataset.cell;

export function focusCell(table, index, column) {
  const row = table?.querySelector(`[data-index="${index}"]`);
  const cell = column && row?.querySelector(`[data-cell="${column}"]`);
  (cell?.querySelector("a") ?? cell ?? row?.querySelector("a"))?.focus({ preventScroll: true });
  cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function useCellEdit({ scroller, store, ids, columns, active, goTo, isOff }) {
  const me = useMe();
  const [editing, setEditing] = useState(null);
  const mayChange = !isOff && may(me, "leads.write");
  const editable = useMemo(() => (mayChange ? columns.map((column) => column.key).filter((key) => FIELDS[key] && sets(me, key)) : []), [mayChange, columns, me]);
  useEffect(() => onSettled((id, lead, names) => store.settle(id, lead, names)), [store]);

  const canEdit = useCallback((row, key) => editable.includes(key) && !row.left && columnsOf(key).every((column) => column in row), [editable]);
  const open = useCallback((index, key) => {
    const id = ids[index];
    const row = id && store.row(id);
    const column = key && canEdit(row, key) ? key : editable.find((each) => row && canEdit(row, each));
    if (column) setEditing({ id, key: column, index });
  }, [ids, store, canEdit, editable]);

  // Where the focus goes when a cell is done: it stays, or the next cell opens, on the next row after the last.
  const close = useCallback((step = 0) => {
    if (!editing) return;
    const { index, key } = editing;
    setEditing(null);
    const at = editable.indexOf(key) + step;
    if (step === 0) return requestAnimationFrame(() => focusCell(scroller.current, index, key));
    const [to, column] = [index + (at < 0 ? -1 : at >= editable.length ? 1 : 0), editable.at(at % editable.length)];
    if (!ids[to]) return requestAnimationFrame(() => focusCell(scroller.current, index, key));
    if (to !== index) goTo(to);
    requestAnimationFrame(() => { focusCell(scroller.current, to, column); open(to, column); });
  }, [editing, editable, ids, goTo, open, scroller]);
  const leave = useCallback(() => setEditing(null), []);
  // What was refused, or is to be thought over, is open again, unless another cell is by now.
  const reopen = useCallback((id, key) => setEditing((now) => now ?? { id, key, index: ids.indexOf(id) }), [ids]);

  useEffect(() => {
    if (!editable.length) return undefined;
    const keys = (event) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const focus = document.activeElement;
      const index = focus?.closest("[data-index]")?.dataset.index;
      const isInside = index !== undefined && scroller.current?.contains(focus);
      if ((!isInside && focus !== document.body) || focus.matches("input")) return;
      const cell = cellOf(focus);
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (isInside && step) {
        const cells = [...focus.closest("[data-index]").querySelectorAll("[data-cell]")];
        const to = cells[Math.max(0, Math.min(cells.length - 1, cells.indexOf(cell) + step))];
        if (to) focusCell(scroller.current, index, to.dataset.cell);
      } else if (event.key === "e" || event.key === "F2" || (event.key === "Enter" && cell === focus)) {
        open(isInside ? Number(index) : active, cell?.dataset.cell);
      } else return;
      event.preventDefault();
    };
    const twice = (event) => {
      const cell = cellOf(event.target);
      if (!cell || !scroller.current?.contains(cell) || event.target.closest("input")) return;
      open(Number(cell.closest("[data-index]").dataset.index), cell.dataset.cell);
    };
    addEventListener("keydown", keys);
    addEventListener("dblclick", twice);
    return () => {
      removeEventListener("keydown", keys);
      removeEventListener("dblclick", twice);
    };
  }, [editable, active, open, scroller]);

  return useMemo(() => ({ editing, canEdit, close, leave, reopen, isOn: editable.length > 0 }), [editing, canEdit, close, leave, reopen, editable]);
}
