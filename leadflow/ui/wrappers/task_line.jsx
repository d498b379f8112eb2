// The line in which a task is written as one says it, and what is understood of it before it is saved.
import { useEffect, useId, useRef, useState } from "react";
import { Icon, addTask, query, rest, toast, hereZone } from "./kit.js";
import { KINDS } from "./task_row.jsx";
import { dueInSentence, dueWords } from "./task_words.js";
import "./tasks.css";

const PAUSE_MS = 120;
const read = (line, signal) => rest("GET", `/tasks/read${query({ line, zone: hereZone() })}`, undefined, { signal });

function Understood({ said }) {
  const [, word, icon] = KINDS.find(([key]) => key === said.kind);
  return (
    <>
      <span className="lf-said__title" title={said.title}><Icon name={icon} size={14} /><span className="lf-visually-hidden">{word}: </span><bdi className="lf-clip">{said.title}</bdi></span>
      <span className="lf-said__part"><Icon name="Calendar" size={14} /> {said.due_at === null ? "no date" : dueWords(said, Date.now())}</span>
      {said.remind_at !== null && <span className="lf-said__part"><Icon name="Bell" size={14} /> reminds you</span>}
      <kbd className="lf-key">Enter</kbd>
    </>
  );
}

export function TaskLine({ lead, input, placeholder = "Add a task, such as “Call Ada tomorrow 10:00”" }) {
  const [line, setLine] = useState("");
  const [said, setSaid] = useState(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const hint = useId();
  const own = useRef(null);
  const field = input ?? own;
  useEffect(() => {
    if (!line.trim()) return setSaid(null);
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try { setSaid({ line, ...(await read(line, controller.signal)) }); } catch (error) { if (error.name !== "AbortError") setProblem(error.message); }
    }, PAUSE_MS);
    return () => { clearTimeout(timer); controller.abort(); };
  }, [line]);
  const save = async (event) => {
    event.preventDefault();
    if (!line.trim() || busy) return;
    setBusy(true);
    try {
      const { line: _, ...task } = said?.line === line ? said : await read(line);
      await addTask({ ...task, ...(lead ? { lead } : {}) });
      setLine("");
      toast(`Added: ${task.title}${task.due_at === null ? "" : `, ${dueInSentence(task, Date.now())}`}`);
    } catch (error) {
      setProblem(error.errors?.[0]?.message ?? error.message);
    }
    setBusy(false);
    field.current?.focus();
  };
  return (
    <form className="lf-taskline" onSubmit={save} aria-label="Add a task">
      <div className="lf-taskline__field">
        <Icon name="Plus" />
        <input
          ref={field} className="lf-taskline__input" aria-label="New task" aria-describedby={hint} aria-invalid={Boolean(problem)} autoComplete="off" maxLength={400} placeholder={placeholder} value={line}
          onChange={(event) => { setLine(event.target.value); setProblem(""); }} onKeyDown={(event) => { if (event.key !== "Escape") return; event.stopPropagation(); line ? setLine("") : field.current.blur(); }}
        />
        {line.trim() && <button type="submit" className="lf-button lf-button--primary lf-button--small" disabled={busy}>Add</button>}
      </div>
      <p id={hint} className="lf-said" aria-live="polite">
        {problem ? <span className="lf-error" role="alert">{problem}</span> : line.trim() && said && <Understood said={said} />}
      </p>
    </form>
  );
}
