// The three dots at the end of a row, and the menu they open.
import { useRef, useState } from "react";
import { Icon, Menu } from "./kit.js";

export function RowMenu({ name, label, items, onPick }) {
  const button = useRef(null);
  const [anchor, setAnchor] = useState(null);
  const close = (back) => { setAnchor(null); if (back) button.current.focus(); };
  return (
    <>
      <button
        ref={button} type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-haspopup="menu" aria-expanded={Boolean(anchor)}
        aria-label={label} onClick={() => setAnchor(anchor ? null : button.current)}
      >
        <Icon name="Ellipsis" />
      </button>
      {anchor && <Menu anchor={anchor} label={name} items={items} onPick={(key) => { close(true); onPick(key); }} onClose={close} />}
    </>
  );
}
