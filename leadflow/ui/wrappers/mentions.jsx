// `@` in a field for text opens the people of the organization; who is chosen stands in the text by name.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { Avatar, rest, useMe } from "./kit.js";
import { fitting, mentionAt, mentioned, pieces, withMention } from "./mention_rules.js";
import "./notices.css";

// Asked for once somebody begins to mention: most notes mention nobody.
function usePeople(isWanted) {
  const [people, setPeople] = useState([]);
  const me = useMe();
  useEffect(() => {
    if (isWanted) rest("GET", "/people").then((answer) => setPeople(answer.items.filter((each) => each.state === "active" && each.id !== me?.account.id)), () => {});
  }, [isWanted, me]);
  return people;
}

// For a textarea with this ref: `look` when it changed, `keys` before its own keys (true: it was for the list), `field`
// its attributes, `list` below it, `ids` who is mentioned. `change({text, mentions})` puts a choice into the draft.
export function useMentions(words, draft, change) {
  const [writing, setWriting] = useState(null);
  const [at, setAt] = useState(0);
  const caret = useRef(null);
  const list = useId();
  const people = usePeople(writing !== null);
  const shown = writing ? fitting(people, writing.typed) : [];
  const chosen = draft.mentions ?? [];
  useLayoutEffect(() => {
    if (caret.current !== null) words.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [draft.text]);
  const look = (field) => { setWriting(mentionAt(field.value, field.selectionStart)); setAt(0); };
  const pick = ({ id, name }) => {
    const next = withMention(draft.text, words.current.selectionStart, writing, name);
    caret.current = next.caret;
    change({ text: next.text, mentions: [...chosen.filter((each) => each.id !== id), { id, name }] });
    setWriting(null);
    words.current.focus();
  };
  const keys = (event) => {
    if (!shown.length || event.metaKey || event.ctrlKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + shown.length) % shown.length);
    else if (event.key === "Enter" || event.key === "Tab") pick(shown[at] ?? shown[0]);
    else if (event.key === "Escape") setWriting(null);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return {
    look, keys, ids: mentioned(draft.text, chosen),
    field: { "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": shown.length ? list : undefined, "aria-activedescendant": shown.length ? `${list}-${at}` : undefined, onBlur: () => setWriting(null) },
    list: <People id={list} people={shown} at={at} onHover={setAt} onPick={pick} />,
  };
}

function People({ id, people, at, onHover, onPick }) {
  const box = useRef(null);
  useEffect(() => { box.current?.children[at]?.scrollIntoView({ block: "nearest" }); }, [people.length, at]);
  return (
    <>
      <span className="lf-visually-hidden" role="status">{people.length ? `${people.length === 1 ? "1 person" : `${people.length} people`} to mention. ${people[at]?.name ?? ""}` : ""}</span>
      {people.length > 0 && (
        <div ref={box} id={id} className="lf-mentions" role="listbox" aria-label="People to mention">
          {people.map((person, place) => (
            <div
              key={person.id} id={`${id}-${place}`} role="option" aria-selected={place === at} className="lf-mentions__one"
              onPointerMove={() => onHover(place)} onPointerDown={(event) => event.preventDefault()} onClick={() => onPick(person)}
            >
              <span className="lf-mentions__face" aria-hidden="true"><Avatar person={person} /></span><bdi className="lf-clip">{person.name}</bdi>
            </div>
          ))}
        </div>
      )}
    </>
  );
}

// What was written, with who is mentioned in it marked; who is mentioned without standing in the text comes last.
export function MentionText({ text, mentions = [] }) {
  const told = pieces(text, mentions);
  const missing = mentions.filter((each) => !told.some((piece) => piece.person?.id === each.id));
  return (
    <>
      {told.map((piece, at) => (piece.person ? <span key={at} className="lf-mention">{piece.text}</span> : piece.text))}
      {missing.map((each) => <span key={each.id}> <span className="lf-mention">@{each.name}</span></span>)}
    </>
  );
}
