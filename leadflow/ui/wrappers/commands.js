// What can be done where one is: one list for the palette, for single keys, and for the sheet that names them.
//
// A button or link that is drawn anyway says so itself: `data-command="Change the stage"` offers it in the palette, and
// `data-key="s"` lets that key press it while nobody types. What no button stands for, `useCommands` offers; keys that a
// page listens to by itself, `useKeysSaid` has told on the sheet.
import { useEffect } from "react";
import { distinct } from "./palette_rules.js";

const OFFERED = "[data-command]:not(:disabled)";
const offered = new Map();
const said = new Map();

function useKept(store, value, deps) {
  useEffect(() => {
    const place = Symbol();
    store.set(place, value());
    return () => store.delete(place);
  }, deps);
}

export const useCommands = (commands, deps) => useKept(offered, commands, deps);
export const useKeysSaid = (lines, isSo = true) => useKept(said, () => (isSo ? lines : []), [isSo]);
export const keysSaid = () => [...said.values()].flat();

// A closed menu's buttons can be pressed from here all the same.
const canBePressed = (element) => Boolean(element.closest("[popover]")) || element.checkVisibility?.() !== false;

export function buttonsHere() {
  return [...document.querySelectorAll(OFFERED)].filter(canBePressed).map((element) => ({
    label: element.dataset.command,
    key: element.dataset.key ?? "",
    isEverywhere: Boolean(element.closest(".lf-rail, .lf-top")),
    run: () => element.click(),
  }));
}

// What a key presses.
export const keyedHere = () => commandsHere().filter((each) => each.key);

// Those of the page before those that are everywhere.
export function commandsHere() {
  const buttons = buttonsHere();
  const page = [...buttons.filter((each) => !each.isEverywhere), ...[...offered.values()].flat()];
  return distinct([...page, ...buttons.filter((each) => each.isEverywhere)]);
}
