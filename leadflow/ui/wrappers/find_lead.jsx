// Choosing one lead: by its name, or by its address pasted in.
import { useEffect, useId, useRef, useState } from "react";
import { Band, query, rest } from "./kit.js";

const LIMIT = 6;
const ADDRESS = /\/leads\/([0-9a-f]{8}-[0-9a-f-]{27})|^([0-9a-f]{8}-[0-9a-f-]{27})$/i;

export function FindLead({ label, onPick }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState(null);
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const list = useId();
  const panel = useRef(null);
  const wanted = text.trim();
  useEffect(() => {
    const [, pasted, bare] = wanted.match(ADDRESS) ?? [];
    if (pasted ?? bare) {
      onPick({ id: (pasted ?? bare).toLowerCase() });
      setText("");
    }
    if (!wanted || pasted || bare) return setFound(null);
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setFound({ rows: (await rest("GET", `/leads${query({ q: wanted, limit: LIMIT })}`, undefined, { signal: controller.signal })).items });
        setAt(0);
      } catch (error) {
        if (error.name !== "AbortError") setFound({ rows: [], error });
      }
    }, 150);
    return () => { clearTimeout(timer); controller.abort(); };
  }, [wanted]);
  const rows = found?.rows ?? [];
  const pick = (row) => { setText(""); setOpen(false); onPick(row); };
  const keys = (event) => {
    if (event.key === "Escape" && text) setText("");
    else if (event.key === "ArrowDown" && rows.length) setAt((at + 1) % rows.length);
    else if (event.key === "ArrowUp" && rows.length) setAt((at - 1 + rows.length) % rows.length);
    else if (event.key === "Enter" && rows[at]) pick(rows[at]);
    else return;
    event.preventDefault();
  };
  const shown = isOpen && wanted && found;
  useEffect(() => { if (shown) panel.current.scrollIntoView({ block: "nearest" }); }, [shown]);
  return (
    <div className="lf-findlead" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}>
      <input
        type="search" className="lf-input" placeholder="Name of a lead, or its address" aria-label={label} autoComplete="off" spellCheck={false} role="combobox" aria-expanded={Boolean(shown)} aria-controls={list} aria-autocomplete="list"
        aria-activedescendant={shown && rows[at] ? `${list}-${at}` : undefined} value={text} onChange={(event) => { setText(event.target.value); setOpen(true); }} onFocus={() => setOpen(true)} onKeyDown={keys}
      />
      <div ref={panel} className="lf-findlead__panel" hidden={!shown}>
        <ul id={list} role="listbox" aria-label="Leads found">
          {rows.map((row, index) => (
            <li key={row.id} id={`${list}-${index}`} role="option" aria-selected={index === at} className="lf-search__row" onPointerMove={() => setAt(index)} onPointerDown={(event) => { event.preventDefault(); pick(row); }}>
              <span className="lf-clip"><bdi>{row.name || row.email || "No name"}</bdi>{row.company && <span className="lf-muted"> · {row.company}</span>}</span>
              <Band band={row.band} />
            </li>
          ))}
        </ul>
        {rows.length === 0 && found && <p className="lf-search__none">{found.error ? found.error.message : `No lead matches “${wanted}”.`}</p>}
      </div>
    </div>
  );
}
