// Ctrl/Cmd-K: find a lead, or do what can be done here, from anywhere.
import { useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Band, Icon, query, rest } from "./kit.js";
import { commandsHere } from "./commands.js";
import { matching } from "./palette_rules.js";
import { isMac } from "./shortcuts.jsx";

const LEADS = 8;
const COMMANDS = 6;
const ONLY = ">";

// Leads that match, once the reader pauses; null while nothing is asked.
function useFound(wanted) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (!wanted) return setFound(null);
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const page = await rest("GET", `/leads${query({ q: wanted, limit: LEADS })}`, undefined, { signal: controller.signal });
        setFound({ rows: page.items, total: page.total, capped: page.total_capped });
      } catch (error) {
        if (error.name !== "AbortError") setFound({ rows: [], total: 0, error });
      }
    }, 120);
    return () => { clearTimeout(timer); controller.abort(); };
  }, [wanted]);
  return found;
}

function Option({ id, isActive, onHover, onPick, children }) {
  const row = useRef(null);
  useEffect(() => { if (isActive) row.current.scrollIntoView({ block: "nearest" }); }, [isActive]);
  return (
    <div
      ref={row} id={id} role="option" aria-selected={isActive} className="lf-search__row"
      onPointerMove={onHover} onPointerDown={(event) => event.preventDefault()} onClick={onPick}
    >
      {children}
    </div>
  );
}

function CommandFace({ command }) {
  return (
    <>
      <span className="lf-clip">{command.label}</span>
      <span className="lf-keys">{command.key && command.key.split(" ").map((key) => <kbd key={key} className="lf-kbd">{key}</kbd>)}</span>
    </>
  );
}

function LeadFace({ row }) {
  return (
    <>
      <span className="lf-clip"><bdi>{row.name || row.email || "No name"}</bdi>{row.company && <span className="lf-muted"> · <bdi>{row.company}</bdi></span>}</span>
      <span className="lf-search__score"><Band band={row.band} /><span className="lf-number">{Math.round(row.score)}</span></span>
    </>
  );
}

export function Palette() {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const input = useRef(null);
  const list = useId();
  const navigate = useNavigate();
  const isCommand = text.trimStart().startsWith(ONLY);
  const wanted = isCommand ? "" : text.trim();
  const found = useFound(wanted);

  useEffect(() => {
    const focus = (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      input.current.focus();
      input.current.select();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  useEffect(() => setAt(0), [text]);

  const close = () => { setOpen(false); input.current.blur(); };
  const then = (does) => () => { setText(""); close(); does(); };
  const everything = `/leads${query({ q: wanted })}`;
  const commands = open ? matching(commandsHere(), isCommand ? text.replace(ONLY, "") : text).slice(0, wanted ? COMMANDS : undefined) : [];
  const leads = (wanted && found?.rows) || [];
  const groups = [
    { name: "Commands", items: commands.map((command) => ({ key: command.label, face: <CommandFace command={command} />, pick: then(command.run) })) },
    { name: "Leads", items: leads.map((row) => ({ key: row.id, face: <LeadFace row={row} />, pick: then(() => navigate(`/leads/${row.id}`)) })) },
  ].filter((group) => group.items.length);
  const items = groups.flatMap((group) => group.items);
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") text ? setText("") : close();
    else if (step && items.length) setAt((at + step + items.length) % items.length);
    else if (event.key === "Enter" && items[at]) items[at].pick();
    else if (event.key === "Enter" && wanted) then(() => navigate(everything))();
    else return;
    event.preventDefault();
  };
  const isEmpty = items.length === 0 && (isCommand || (wanted && found));
  const shown = open && (items.length > 0 || isEmpty);
  const idOf = (item) => `${list}-${items.indexOf(item)}`;

  return (
    <div className="lf-search" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}>
      <Icon name="Search" />
      <input
        ref={input} type="search" className="lf-search__input" placeholder="Search leads or run a command" aria-label="Search leads or run a command" autoComplete="off" spellCheck={false}
        role="combobox" aria-expanded={Boolean(shown)} aria-controls={list} aria-autocomplete="list"
        aria-activedescendant={shown && items[at] ? `${list}-${at}` : undefined}
        value={text} onChange={(event) => setText(event.target.value)} onFocus={() => setOpen(true)} onKeyDown={keys}
      />
      <kbd className="lf-search__key" aria-hidden="true">{isMac ? "⌘K" : "Ctrl K"}</kbd>
      <div className="lf-search__panel" hidden={!shown}>
        <div id={list} className="lf-search__list" role="listbox" aria-label="Commands and leads">
          {groups.map((group) => (
            <div key={group.name} role="group" aria-label={group.name}>
              <p className="lf-search__group" aria-hidden="true">{group.name}</p>
              {group.items.map((item) => (
                <Option key={item.key} id={idOf(item)} isActive={items[at] === item} onHover={() => setAt(items.indexOf(item))} onPick={item.pick}>{item.face}</Option>
              ))}
            </div>
          ))}
        </div>
        {wanted && found?.error && <p className="lf-search__none">{found.error.message}</p>}
        {isEmpty && !found?.error && <p className="lf-search__none">{isCommand ? "No command matches." : `No lead matches “${wanted}”.`}</p>}
        {wanted && found?.total > LEADS && (
          <a className="lf-search__all" href={everything} onPointerDown={(event) => event.preventDefault()} onClick={(event) => { event.preventDefault(); then(() => navigate(everything))(); }}>
            Show all {found.total}{found.capped ? "+" : ""} in Leads
          </a>
        )}
      </div>
    </div>
  );
}
