// Single keys press the buttons that name them, and "?" shows which do.
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Dialog, Icon } from "./kit.js";
import { keyedHere, keysSaid } from "./commands.js";
import { PAUSE_MS, follow } from "./palette_rules.js";

const TYPES = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=grid]";
const isElsewhere = (event) => event.target.closest?.(TYPES) || document.querySelector("dialog[open], [role=menu]");
export const isMac = /Mac|iP/.test(navigator.platform ?? "");

function Keys({ of }) {
  return <span className="lf-keys">{of.split(" ").map((key) => <kbd key={key} className="lf-kbd">{key}</kbd>)}</span>;
}

function Lines({ heading, lines }) {
  if (lines.length === 0) return null;
  return (
    <section className="lf-shortcuts__group" aria-label={heading}>
      <h3 className="lf-subheading">{heading}</h3>
      <dl>{lines.map(({ label, key }) => <div key={label} className="lf-shortcuts__line"><dt>{label}</dt><dd><Keys of={key} /></dd></div>)}</dl>
    </section>
  );
}

function Sheet() {
  const lines = keyedHere();
  const here = [...lines.filter((each) => !each.isEverywhere), ...keysSaid()];
  const everywhere = [{ label: "Search and commands", key: isMac ? "⌘ K" : "Ctrl K" }, ...lines.filter((each) => each.isEverywhere)];
  return (
    <div className="lf-shortcuts">
      <Lines heading="On this page" lines={here} />
      <Lines heading="Everywhere" lines={everywhere} />
    </div>
  );
}

export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  const waiting = useRef({ keys: "", until: 0 });
  useEffect(() => {
    const listen = (event) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.key.length > 1 || isElsewhere(event)) return;
      const commands = keyedHere();
      const before = event.timeStamp < waiting.current.until ? waiting.current.keys : "";
      const next = follow(before, event.key.toLowerCase(), commands.map((each) => each.key));
      waiting.current = { keys: next.waiting, until: event.timeStamp + PAUSE_MS };
      if (next.pressed) commands.find((each) => each.key === next.pressed).run();
      if (next.pressed || next.waiting) event.preventDefault();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <button type="button" className="lf-menu__item" data-command="Show keyboard shortcuts" data-key="?" onClick={() => setOpen(true)}><Icon name="Keyboard" /> Keyboard shortcuts</button>
      {createPortal(<Dialog isOpen={isOpen} heading="Keyboard shortcuts" onClose={() => setOpen(false)}><Sheet /></Dialog>, document.body)}
    </>
  );
}
