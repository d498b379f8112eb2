// The name of a team, written in place: Enter keeps it, Esc does not. Whoever leaves by a key is taken back.
import { useRef, useState } from "react";

export function TeamName({ name, label, onSave, onCancel }) {
  const [text, setText] = useState(name);
  const [problem, setProblem] = useState("");
  const isOver = useRef(false);
  const cancel = (byKey) => { isOver.current = true; onCancel(byKey); };
  const save = async (byKey) => {
    if (isOver.current) return;
    if (!text.trim() || text.trim() === name) return cancel(byKey);
    isOver.current = true;
    setProblem("");
    try {
      await onSave(text.trim(), byKey);
    } catch (error) {
      setProblem(error.errors?.[0]?.message ?? error.message);
      isOver.current = false;
    }
  };
  const keys = (event) => {
    if (event.key === "Escape") { event.preventDefault(); cancel(true); }
    if (event.key === "Enter") { event.preventDefault(); save(true); }
  };
  return (
    <span className="lf-naming">
      <input
        className="lf-input" value={text} aria-label={label} placeholder="Name of the team" maxLength={80} autoFocus aria-invalid={Boolean(problem)} aria-describedby={problem ? "naming-problem" : undefined}
        onFocus={(event) => event.target.select()} onChange={(event) => setText(event.target.value)} onKeyDown={keys} onBlur={() => (problem ? isOver.current || cancel(false) : save(false))}
      />
      {problem && <span id="naming-problem" className="lf-error" role="alert">{problem}</span>}
    </span>
  );
}
