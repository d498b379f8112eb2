// Ctrl/Cmd-K: find a lead from anywhere.
import { useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Band, Icon, query, rest } from "./kit.js";

const LIMIT = 8;
const isMac = /Mac|iP/.test(navigator.platform ?? "");

export function LeadSearch() {
  const [text, setText] = useState("");
  const [found, setFound] = useState(null);
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const input = useRef(null);
  const list = useId();
  const navigate = useNavigate();

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

  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) return setFound(null);
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const page = await rest("GET", `/leads${query({ q: wanted, limit: LIMIT })}`, undefined, { signal: controller.signal });
        setFound({ rows: page.items, total: page.total });
        setAt(0);
      } catch (error) {
        if (error.name !== "AbortError") setFound({ rows: [], total: 0, error });
      }
    }, 120);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);

  const close = () => { setOpen(false); input.current.blur(); };
  const everything = `/leads${query({ q: text.trim() })}`;
  const go = (path) => { setText(""); close(); navigate(path); };
  const keys = (event) => {
    const rows = found?.rows ?? [];
    if (event.key === "Escape") text ? setText("") : close();
    else if (event.key === "ArrowDown" && rows.length) setAt((at + 1) % rows.length);
    else if (event.key === "ArrowUp" && rows.length) setAt((at - 1 + rows.length) % rows.length);
    else if (event.key === "Enter" && text.trim()) go(rows[at] ? `/leads/${rows[at].id}` : everything);
    else return;
    event.preventDefault();
  };
  const shown = open && found;

  return (
    <div className="lf-search" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}>
      <Icon name="Search" />
      <input
        ref={input} type="search" className="lf-search__input" placeholder="Search leads" aria-label="Search leads" autoComplete="off" spellCheck={false}
        role="combobox" aria-expanded={Boolean(shown)} aria-controls={list} aria-autocomplete="list"
        aria-activedescendant={shown && found.rows[at] ? `${list}-${at}` : undefined}
        value={text} onChange={(event) => setText(event.target.value)} onFocus={() => setOpen(true)} onKeyDown={keys}
      />
      <kbd className="lf-search__key" aria-hidden="true">{isMac ? "⌘K" : "Ctrl K"}</kbd>
      <div className="lf-search__panel" hidden={!shown}>
        <ul id={list} role="listbox" aria-label="Leads found">
          {found?.rows.map((row, index) => (
            <li
              key={row.id} id={`${list}-${index}`} role="option" aria-selected={index === at} className="lf-search__row"
              onPointerMove={() => setAt(index)} onPointerDown={(event) => { event.preventDefault(); go(`/leads/${row.id}`); }}
            >
              <span className="lf-clip"><bdi>{row.name || row.email || "No name"}</bdi>{row.company && <span className="lf-muted"> · {row.company}</span>}</span>
              <Band band={row.band} />
              <span className="lf-number">{Math.round(row.score)}</span>
            </li>
          ))}
        </ul>
        {found?.rows.length === 0 && <p className="lf-search__none">{found.error ? found.error.message : `No lead matches “${text.trim()}”.`}</p>}
        {found?.total > LIMIT && (
          <a className="lf-search__all" href={everything} onPointerDown={(event) => { event.preventDefault(); go(everything); }}>
            Show all {found.total} in Leads
          </a>
        )}
      </div>
    </div>
  );
}
