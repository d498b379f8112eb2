// Somebody else was first: what was there, what they made of it and what you wrote, and a choice for each field.
import { useEffect, useId, useRef, useState } from "react";
import { FIELDS, read, shown, textOf } from "./edit_rules.js";
import { questions, unanswered } from "./conflict_rules.js";
import { answer, useQuestion } from "./edits.js";
import { Dialog } from "./dialog.jsx";
import { exactTime, when } from "./format.js";
import { useNames } from "./use_names.js";
import "./unsaved.css";

const SIDES = ["before", "theirs", "mine"];

function labelOf(side, { by, at }) {
  if (side === "before") return "Before";
  if (side === "mine") return "Yours";
  const who = [by, at && when(at)].filter(Boolean).join(", ");
  return who ? `Theirs (${who})` : "Theirs";
}

function Side({ side, question, names, group, chosen, choose }) {
  const text = shown(question.field, question[side], names);
  return (
    <label className="lf-conflict__side">
      <input type="radio" name={group} checked={chosen === side} onChange={() => choose(side)} />
      <span className="lf-conflict__label" title={side === "theirs" && question.at ? exactTime(question.at) : undefined}>{labelOf(side, question)}</span>
      <bdi className={`lf-conflict__value ${text ? "" : "lf-muted"}`}>{text || "Empty"}</bdi>
    </label>
  );
}

// Both together, or something better: only where there is text to write.
function Another({ question, group, chosen, choose, problem }) {
  const { field } = question;
  const [text, setText] = useState(() => textOf(field, question.mine));
  const isOn = typeof chosen === "object";
  const input = useRef(null);
  const take = (next) => { setText(next); choose({ [field]: next }); };
  return (
    <div className="lf-conflict__side lf-conflict__side--another">
      <label className="lf-conflict__pick">
        <input type="radio" name={group} checked={isOn} onChange={() => { take(text); requestAnimationFrame(() => input.current?.select()); }} />
        <span className="lf-conflict__label">Write another</span>
      </label>
      {isOn && <input ref={input} className="lf-input" value={text} aria-label={`Another ${FIELDS[field].label.toLowerCase()}`} aria-invalid={Boolean(problem)} type={FIELDS[field].type ?? "text"} onChange={(event) => take(event.target.value)} />}
    </div>
  );
}

function Question({ question, names, chosen, choose, problem }) {
  const group = useId();
  const { field } = question;
  const parts = { question, names, group, chosen, choose };
  return (
    <fieldset className="lf-conflict__field" aria-describedby={problem ? `${group}-problem` : undefined}>
      <legend>{FIELDS[field].label}</legend>
      <div className="lf-conflict__sides">
        {SIDES.map((side) => <Side key={side} side={side} {...parts} />)}
        {!FIELDS[field].isChoice && !FIELDS[field].isMoney && <Another {...parts} problem={problem} />}
      </div>
      {problem && <p id={`${group}-problem`} className="lf-error" role="alert">{problem}</p>}
    </fieldset>
  );
}

function Questions({ asked }) {
  const names = useNames();
  const [choices, setChoices] = useState({});
  const [problems, setProblems] = useState({});
  const form = useRef(null);
  const all = questions(asked.conflicts);
  useEffect(() => { requestAnimationFrame(() => form.current?.querySelector("input").focus()); }, []);

  const save = () => {
    const found = Object.fromEntries(unanswered(asked.conflicts, choices).map((field) => [field, "Choose one of them."]));
    const answers = { ...choices };
    for (const [field, choice] of Object.entries(choices)) {
      if (typeof choice !== "object") continue;
      const { values, problem } = read(field, choice[field]);
      if (problem) found[field] = problem;
      else answers[field] = values;
    }
    setProblems(found);
    const wrong = all.findIndex(({ field }) => found[field]);
    if (wrong < 0) return answer(asked, answers);
    form.current.querySelectorAll("fieldset")[wrong].querySelector("input:checked, input").focus();
  };
  const keepTheirs = () => answer(asked, Object.fromEntries(all.map(({ field }) => [field, "theirs"])));
  return (
    <form
      ref={form} className="lf-form" noValidate onSubmit={(event) => { event.preventDefault(); save(); }}
      onKeyDown={(event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); save(); } }}
    >
      <p className="lf-muted"><bdi>{asked.name}</bdi> was changed while you did. Nothing of yours is saved yet, and nothing of theirs is lost: choose what it shall be.</p>
      {all.map((question) => (
        <Question
          key={question.field} question={question} names={names} chosen={choices[question.field]} problem={problems[question.field]}
          choose={(choice) => { setChoices({ ...choices, [question.field]: choice }); setProblems({ ...problems, [question.field]: undefined }); }}
        />
      ))}
      <div className="lf-actions lf-actions--wrap">
        <button type="button" className="lf-button" onClick={keepTheirs}>Keep theirs</button>
        <button type="submit" className="lf-button lf-button--primary">Save choice</button>
      </div>
    </form>
  );
}

export function ConflictDialog() {
  const asked = useQuestion();
  return (
    <Dialog isOpen={Boolean(asked)} heading="Somebody else changed this too" onClose={() => asked && answer(asked, null)}>
      {asked && <Questions key={asked.id} asked={asked} />}
    </Dialog>
  );
}
