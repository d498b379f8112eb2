// The line in which a task is written as one says it, and what is understood of it before it is saved.
import { useEffect, useId, useRef, useState } from "react";
import { useCommands } from "./commands.js";
import { Icon, addTask, query, rest, toast, hereZone } from "./kit.js";
import { KINDS } from "./task_row.jsx";
import { dueInSentence, dueWords } from "./task_words.js";
import "./tasks.css";

const PAUSE_MS = 120;
const read = (line, find, signal) => rest("GET", `/tasks/read${query({ line, zone: hereZone(), find: find || "" })}`, undefined, { signal });

// Whom it is about goes without saying where one lead alone has that name; of several, one is chosen.
function meant({ whom, leads }) {
  const named = (lead) => ` ${lead.name.toLowerCase()} `.includes(` ${whom.toLowerCase()} `);
  return leads.length === 1 && named(leads[0]) ? leads[0].id : null;
}

function Leads({ said, about, choose }) {
  return said.leads.map((lead) => {
    const name = lead.name || lead.company;
    return name && (
      <button key={lead.id} type="button" className="lf-said__lead" aria-pressed={about === lead.id} title={lead.company || undefined} onClick={() => choose(about === lead.id ? null : lead.id)}>
        <Icon name={about === lead.id ? "Check" : "User"} size={12} /> <span className="lf-visually-hidden">About </span><bdi className="lf-clip">{name}</bdi>
      </button>
    );
  });
}

function Understood({ said, about, choose }) {
  const [, word, icon] = KINDS.find(([key]) => key === said.kind);
  return (
    <>
      <span className="lf-said__title" title={said.title}><Icon name={icon} size={14} /><span className="lf-visually-hidden">{word}: </span><bdi className="lf-clip">{said.title}</bdi></span>
      <span className="lf-said__part"><Icon name="Calendar" size={14} /> {said.due_at === null ? "no date" : dueWords(said, Date.now())}</span>
      {said.remind_at !== null && <span className="lf-said__part"><Icon name="Bell" size={14} /> reminds you</span>}
      <Leads said={said} about={about} choose={choose} />
      <kbd className="lf-kbd">Enter</kbd>
    </>
  );
}

export function TaskLine({ lead, input, shortcut, placeholder = "Add a task, such as “Call Ada tomorrow 10:00”" }) {
  const [line, setLine] = useState("");
  const [said, setSaid] = useState(null);
  const [chosen, setChosen] = useState(undefined);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const hint = useId();
  const own = useRef(null);
  const field = input ?? own;
  useCommands(() => [{ label: "Add a task", key: shortcut, run: () => field.current?.focus() }], []);
  useEffect(() => {
    if (!line.trim()) return setSaid(null);
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try { setSaid({ line, ...(await read(line, !lead, controller.signal)) }); } catch (error) { if (error.name !== "AbortError") setProblem(error.message); }
    }, PAUSE_MS);
    return () => { clearTimeout(timer); controller.abort(); };
  }, [line, lead]);
  useEffect(() => setChosen(undefined), [said?.whom]);
  const aboutOf = (understood) => lead ?? (chosen === undefined ? meant(understood) : chosen);
  const save = async (event) => {
    event.preventDefault();
    if (!line.trim() || busy) return;
    setBusy(true);
    try {
      const { line: _, whom, leads, ...task } = said?.line === line ? said : await read(line, !lead);
      const about = aboutOf({ whom, leads });
      await addTask({ ...task, ...(about ? { lead: about } : {}) });
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
        {problem ? <span className="lf-error" role="alert">{problem}</span> : line.trim() && said && <Understood said={said} about={aboutOf(said)} choose={setChosen} />}
      </p>
    </form>
  );
}
