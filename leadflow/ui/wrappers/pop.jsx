// A small dialog beside the thing it belongs to, and a sheet from below on a phone. The browser traps focus in it, closes
// it on Esc and gives focus back.
import { useLayoutEffect, useRef } from "react";
import { useMedia } from "./kit.js";

const GAP = 4, EDGE = 8;

export function Pop({ anchor, label, onClose, children }) {
  const box = useRef(null);
  const isSheet = useMedia("(max-width: 767px)");

  useLayoutEffect(() => {
    if (!box.current.open) box.current.showModal();
    if (isSheet) return box.current.removeAttribute("style");
    const from = anchor.getBoundingClientRect();
    const place = () => {
      const { offsetWidth, offsetHeight } = box.current;
      const below = from.bottom + GAP;
      box.current.style.left = `${Math.max(EDGE, Math.min(from.left, innerWidth - offsetWidth - EDGE))}px`;
      box.current.style.top = `${Math.max(EDGE, Math.min(below, innerHeight - offsetHeight - EDGE))}px`;
    };
    const grown = new ResizeObserver(place);
    grown.observe(box.current);
    addEventListener("resize", onClose);
    return () => { grown.disconnect(); removeEventListener("resize", onClose); };
  }, [anchor, isSheet]);
  // While it is still there, so that the browser can give focus back; opened by a key, there was none to give.
  useLayoutEffect(() => {
    const dialog = box.current;
    return () => {
      dialog.close();
      if (document.activeElement === document.body && anchor.isConnected) anchor.focus();
    };
  }, [anchor]);

  return (
    <dialog
      ref={box} className="lf-pop" aria-label={label} onCancel={(event) => { event.preventDefault(); onClose(); }}
      onPointerDown={(event) => event.target === box.current && onClose()}
    >
      <div className="lf-pop__box">{children}</div>
    </dialog>
  );
}
