// Mentions in what somebody writes: where one begins, who fits, and who is in it in the end. Pure.
import { simple } from "./palette_rules.js";

const LONGEST = 40;

// The mention that is being written at the caret: its place, and what of the name is there. An address is none.
export function mentionAt(text, caret) {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret - from > LONGEST || /[\p{L}\p{N}]/u.test(text[from - 1] ?? "")) return null;
  const typed = text.slice(from + 1, caret);
  return /[\n@]|^\s/.test(typed) ? null : { from, typed };
}

// People whose name has words that begin as it is typed; those who begin with it first.
export function fitting(people, typed, most = 6) {
  const wanted = simple(typed.trim());
  const fits = people.filter(({ name }) => simple(name).startsWith(wanted) || simple(name).split(/\s+/).some((word) => word.startsWith(wanted)));
  const begins = ({ name }) => simple(name).startsWith(wanted);
  return [...fits.filter(begins), ...fits.filter((each) => !begins(each))].slice(0, most);
}

export function withMention(text, caret, { from }, name) {
  const before = `${text.slice(0, from)}@${name} `;
  return { text: before + text.slice(caret).replace(/^ /, ""), caret: before.length };
}

const boundary = (letter) => letter === undefined || !/[\p{L}\p{N}]/u.test(letter);

// The text in pieces; those that name somebody have their person. Longer names are looked for first.
export function pieces(text, people) {
  const longest = [...people].sort((a, b) => b.name.length - a.name.length);
  const found = [];
  let plain = "";
  for (let at = 0; at < text.length;) {
    const person = text[at] === "@" && longest.find(({ name }) => text.startsWith(name, at + 1) && boundary(text[at + 1 + name.length]));
    if (!person) { plain += text[at++]; continue; }
    if (plain) found.push({ text: plain });
    plain = "";
    found.push({ text: `@${person.name}`, person });
    at += person.name.length + 1;
  }
  return plain ? [...found, { text: plain }] : found;
}

// Of those who were chosen, the ones who are still in it.
export const mentioned = (text, chosen) => [...new Set(pieces(text, chosen).filter((each) => each.person).map((each) => each.person.id))];
