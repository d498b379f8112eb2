// What can be done with a column from its head: sort by it, move it, make it wider or narrower, hide it.
import { useRef, useState } from "react";
import { Icon, Menu } from "./kit.js";
import { STEP } from "./table_columns.js";

export function ColumnMenu({ column, layout, onSort }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef(null);
  const { columns } = layout;
  const place = columns.indexOf(column);
  const items = [
    ...(column.sort ? [{ key: "up", name: "Sort ascending" }, { key: "down", name: "Sort descending" }] : []),
    ...(place > 1 ? [{ key: "left", name: "Move left" }] : []),
    ...(place > 0 && place < columns.length - 1 ? [{ key: "right", name: "Move right" }] : []),
    { key: "wider", name: "Make wider" }, { key: "narrower", name: "Make narrower" },
    ...(layout.widths[column.key] ? [{ key: "usual", name: "Usual width" }] : []),
    ...(place > 0 ? [{ key: "hide", name: "Hide" }] : []),
  ];
  const close = (isBack) => { setOpen(false); if (isBack) button.current?.focus(); };
  const resize = (by) => layout.resize(column.key, button.current.closest(".lf-th").getBoundingClientRect().width + by);
  const done = {
    up: () => onSort(column.sort), down: () => onSort(`-${column.sort}`),
    left: () => layout.move(column.key, place - 1), right: () => layout.move(column.key, place + 1),
    wider: () => resize(STEP), narrower: () => resize(-STEP), usual: () => layout.resize(column.key, null), hide: () => layout.hide(column.key),
  };
  return (
    <>
      <button ref={button} type="button" className="lf-th__more" aria-haspopup="menu" aria-expanded={isOpen} aria-label={`${column.label}: column menu`} title="Column menu" onClick={() => setOpen(true)}><Icon name="ChevronDown" size={14} /></button>
      {isOpen && <Menu anchor={button.current} label={column.label} items={items} onPick={(key) => { close(true); done[key](); }} onClose={close} />}
    </>
  );
}

// The right edge of a head, to pull at; the menu does the same by keyboard.
export function ColumnEdge({ column, layout }) {
  const pull = (event) => {
    event.preventDefault();
    event.stopPropagation();
    const edge = event.currentTarget;
    const from = event.clientX - edge.closest(".lf-th").getBoundingClientRect().width;
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = (move) => layout.resize(column.key, move.clientX - from);
    edge.onpointerup = edge.onpointercancel = () => { edge.onpointermove = edge.onpointerup = edge.onpointercancel = null; };
  };
  return <span className="lf-th__edge" aria-hidden="true" title="Pull to change the width; double-click for the usual one" onPointerDown={pull} onDoubleClick={() => layout.resize(column.key, null)} />;
}
