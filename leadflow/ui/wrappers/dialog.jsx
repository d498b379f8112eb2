// The browser's own modal dialog: it traps focus, closes on Esc and gives focus back. A form with `data-begin` begins with
// its first control.
import { useEffect, useId, useRef } from "react";
import { Icon } from "./icons.jsx";

export function Dialog({ isOpen, heading, onClose, children }) {
  const dialog = useRef(null);
  const title = useId();
  useEffect(() => {
    if (isOpen && !dialog.current.open) {
      dialog.current.showModal();
      dialog.current.querySelector("[data-begin] :is(select, input, textarea)")?.focus();
    }
    if (!isOpen && dialog.current.open) dialog.current.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog} className="lf-dialog" aria-labelledby={title}
      onClose={() => isOpen && onClose?.()} onPointerDown={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="lf-dialog__box">
        <header className="lf-dialog__head">
          <h2 id={title} className="lf-heading">{heading}</h2>
          <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label="Close" onClick={() => dialog.current.close()}><Icon name="X" /></button>
        </header>
        {isOpen && children}
      </div>
    </dialog>
  );
}
