// Which columns the table shows, and in which order: checked to show, dragged or moved by keys.
import { useEffect, useId, useRef, useState } from "react";
import { Icon } from "./kit.js";
import "./columns.css";

function Line({ column, isShown, isFixed, place, layout, isDragged, onDrag, onMoved }) {
  const id = `column-${column.key}`;
  const keys = (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey || !isShown || isFixed) return;
    event.preventDefault();
    onMoved(column.key);
    layout.move(column.key, place + step);
  };
  const toggle = () => {
    onMoved(column.key);
    (isShown ? layout.hide : layout.show)(column.key);
  };
  return (
    <li className={`lf-column-line ${isDragged ? "is-dragged" : ""}`} data-column={column.key}>
      <input id={id} type="checkbox" checked={isShown} disabled={isFixed} onChange={toggle} onKeyDown={keys} aria-keyshortcuts={isShown && !isFixed ? "Alt+ArrowUp Alt+ArrowDown" : undefined} />
      <label htmlFor={id} className="lf-clip">{column.label}</label>
      {isFixed ? <Icon name="Pin" size={14} className="lf-muted" /> : isShown && <span className="lf-column-line__grip" aria-hidden="true" title="Drag to move" onPointerDown={(event) => onDrag(event, column.key)}><Icon name="Grip" size={14} /></span>}
    </li>
  );
}

export function ColumnsPanel({ layout }) {
  const { all, columns } = layout;
  const panel = useId();
  const list = useRef(null);
  const [dragged, setDragged] = useState(null);
  const shown = columns.map((column) => column.key);
  const hidden = all.filter((column) => !shown.includes(column.key)).sort((a, b) => a.label.localeCompare(b.label));

  // The line stands elsewhere afterwards; whoever moved it by key stays with it.
  const follow = useRef(null);
  useEffect(() => {
    if (follow.current) list.current?.parentElement.querySelector(`[data-column="${follow.current}"] input`)?.focus();
    follow.current = null;
  }, [columns]);
  const onMoved = (key) => { follow.current = key; };

  const drag = (event, key) => {
    event.preventDefault();
    const grip = event.currentTarget;
    grip.setPointerCapture(event.pointerId);
    setDragged(key);
    grip.onpointermove = ({ clientY }) => {
      const lines = [...list.current.querySelectorAll("[data-column]")];
      const to = lines.findIndex((line) => { const at = line.getBoundingClientRect(); return clientY < at.bottom; });
      layout.move(key, to < 0 ? lines.length - 1 : to);
    };
    grip.onpointerup = grip.onpointercancel = () => { grip.onpointermove = grip.onpointerup = grip.onpointercancel = null; setDragged(null); };
  };

  const place = (event) => {
    if (event.newState !== "open") return;
    event.currentTarget.querySelector("input:not(:disabled)")?.focus();
  };
  return (
    <>
      <button type="button" className="lf-button lf-button--quiet lf-button--small" popoverTarget={panel} data-command="Columns of the list"><Icon name="Columns" size={14} /> Columns</button>
      <div id={panel} popover="auto" className="lf-popover lf-columns" role="dialog" aria-label="Columns" onToggle={place}>
        <ul ref={list} className="lf-columns__list" aria-label="Shown">
          {columns.map((column, at) => <Line key={column.key} column={column} isShown isFixed={at === 0} place={at} layout={layout} isDragged={dragged === column.key} onDrag={drag} onMoved={onMoved} />)}
        </ul>
        {hidden.length > 0 && (
          <ul className="lf-columns__list" aria-label="Not shown">
            {hidden.map((column) => <Line key={column.key} column={column} isShown={false} layout={layout} onMoved={onMoved} />)}
          </ul>
        )}
        <footer className="lf-columns__foot">
          <span className="lf-muted">Drag, or press <kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd></span>
          <button type="button" className="lf-linkbutton" disabled={layout.isUsual} onClick={layout.reset}>Reset</button>
        </footer>
        <p className="lf-visually-hidden" role="status">{layout.said}</p>
      </div>
    </>
  );
}
