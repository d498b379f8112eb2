// A small menu beside the thing it belongs to: arrows walk, Enter chooses, Esc returns.
import { useEffect, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { Icon } from "./icons.jsx";

export function Menu({ anchor, label, items, onPick, onClose }) {
  const box = useRef(null);

  useLayoutEffect(() => {
    const at = anchor.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = box.current;
    const left = Math.min(Math.max(8, at.right - offsetWidth), innerWidth - offsetWidth - 8);
    const below = at.bottom + 4 + offsetHeight < innerHeight - 8;
    box.current.style.left = `${left}px`;
    box.current.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - offsetHeight - 4)}px`;
    (box.current.querySelector("[aria-checked=true]") ?? box.current.querySelector("[role^=menuitem]"))?.focus();
  }, [anchor]);

  useEffect(() => {
    const outside = (event) => box.current?.contains(event.target) || onClose(false);
    const gone = () => onClose(false);
    document.addEventListener("pointerdown", outside, true);
    addEventListener("resize", gone);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", gone);
    };
  }, [onClose]);

  const keys = (event) => {
    const entries = [...box.current.querySelectorAll("[role^=menuitem]")];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    event.stopPropagation();
    if (to !== undefined) {
      event.preventDefault();
      entries.at(to % entries.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose(true);
    } else if (event.key.length === 1) {
      entries.find((entry) => entry.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    }
  };

  return createPortal(
    <div ref={box} className="lf-menu" role="menu" aria-label={label} onKeyDown={keys}>
      <p className="lf-menu__title" aria-hidden="true">{label}</p>
      {items.map((item) => (
        <button
          key={item.key} type="button" tabIndex={-1} className="lf-menu__item"
          role={item.checked === undefined ? "menuitem" : "menuitemradio"} aria-checked={item.checked} onClick={() => onPick(item.key)}
        >
          <span>{item.name}</span>
          {item.checked && <Icon name="Check" size={14} />}
        </button>
      ))}
    </div>,
    anchor.closest("dialog") ?? document.getElementById("main") ?? document.body,
  );
}
