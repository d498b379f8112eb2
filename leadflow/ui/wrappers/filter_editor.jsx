// One condition: which field, how it is compared, and with what.
import { useEffect, useId, useRef, useState } from "react";
import { Icon, Skeleton } from "./kit.js";
import { Pop } from "./pop.jsx";
import { blankDraft, conditionOf, draftOf, takesOf } from "./filter_draft.js";
import { ValueInput } from "./filter_value.jsx";

// Typing narrows the fields; arrows walk, Enter takes.
function FieldPicker({ fields, onPick }) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const input = useRef(null);
  const chosen = useRef(null);
  useEffect(() => { input.current.focus(); }, []);
  useEffect(() => { chosen.current?.scrollIntoView({ block: "nearest" }); }, [active]);
  const wanted = text.trim().toLowerCase();
  const offered = fields.filter((each) => each.label.toLowerCase().includes(wanted)).sort((one, other) => other.label.toLowerCase().startsWith(wanted) - one.label.toLowerCase().startsWith(wanted));
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && offered.length) setActive((active + step + offered.length) % offered.length);
    else if (event.key === "Enter" && offered[active]) onPick(offered[active]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        ref={input} className="lf-input" placeholder="Filter by …" aria-label="Filter by" autoComplete="off" spellCheck={false} role="combobox" aria-expanded="true" aria-controls={list} aria-autocomplete="list"
        aria-activedescendant={offered[active] ? `${list}-${active}` : undefined} value={text} onChange={(event) => { setText(event.target.value); setActive(0); }} onKeyDown={keys}
      />
      <div id={list} role="listbox" aria-label="Fields" className="lf-pop__list">
        {offered.map((field, index) => (
          <div
            key={field.key} ref={index === active ? chosen : null} id={`${list}-${index}`} role="option" aria-selected={index === active} className="lf-pop__option"
            onPointerMove={() => setActive(index)} onClick={() => onPick(field)}
          >
            {field.label}
          </div>
        ))}
      </div>
      {fields.length === 0 && <Skeleton count={6} />}
      {fields.length > 0 && offered.length === 0 && <p className="lf-pop__none">No field is called “{text.trim()}”.</p>}
    </>
  );
}

function Editor({ field, condition, currency, onBack, onDone }) {
  const [draft, setDraft] = useState(() => (condition ? draftOf(field, condition, currency) : blankDraft(field)));
  const [problem, setProblem] = useState("");
  const form = useRef(null);
  const said = useId();
  const takes = takesOf(field, draft.op);
  const set = (part) => { setDraft((before) => ({ ...before, ...part })); setProblem(""); };
  useEffect(() => {
    const first = form.current.querySelector("[data-first], .lf-pop__choices input, [type=search]") ?? form.current.querySelector("select");
    first?.focus();
    first?.select?.();
  }, [takes]);
  const save = (event) => {
    event.preventDefault();
    event.stopPropagation();
    const read = conditionOf(field, draft, currency);
    if (read.problem) return setProblem(read.problem);
    return onDone(read.condition);
  };
  return (
    <form ref={form} className="lf-pop__form" noValidate onSubmit={save} aria-describedby={problem ? said : undefined}>
      <div className="lf-pop__head">
        {onBack && <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label="Another field" onClick={onBack}><Icon name="ChevronLeft" /></button>}
        <span className="lf-pop__title">{field.label}</span>
        <select className="lf-select" aria-label={`${field.label}: how to compare`} value={draft.op} onChange={(event) => set({ op: event.target.value })}>
          {field.operators.map((each) => <option key={each.key} value={each.key}>{each.label}</option>)}
        </select>
      </div>
      <ValueInput takes={takes} field={field} draft={draft} set={set} currency={currency} />
      {problem && <p id={said} className="lf-error" role="alert">{problem}</p>}
      <div className="lf-pop__foot"><button type="submit" className="lf-button lf-button--primary">Apply</button></div>
    </form>
  );
}

// With a condition it is edited; without one a field is chosen first.
export function FilterEditor({ anchor, fields, condition, currency, onDone, onClose }) {
  const [picked, setPicked] = useState(() => (condition ? fields.find((each) => each.key === condition.field) : null));
  return (
    <Pop anchor={anchor} label={condition ? "Change the filter" : "Add a filter"} onClose={onClose}>
      {picked
        ? <Editor key={picked.key} field={picked} condition={condition?.field === picked.key ? condition : null} currency={currency} onBack={condition ? undefined : () => setPicked(null)} onDone={onDone} />
        : <FieldPicker fields={fields} onPick={setPicked} />}
    </Pop>
  );
}
