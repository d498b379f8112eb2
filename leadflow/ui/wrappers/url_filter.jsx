// Filters live in the URL, so that a view can be bookmarked, shared and walked back.
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { may, useMe } from "./frame.jsx";
import { words } from "./format.js";
import { Icon } from "./icons.jsx";

export function useUrl() {
  const [params, setParams] = useSearchParams();
  const set = (changes) => setParams((before) => {
    const next = new URLSearchParams(before);
    for (const [key, value] of Object.entries(changes)) value ? next.set(key, value) : next.delete(key);
    return next;
  }, { replace: true, preventScrollReset: true });
  return [params, set];
}

// `usual` is the choice that needs no parameter; without one it is "Any".
export function UrlSelect({ param, label, options, usual }) {
  const [params, set] = useUrl();
  const value = params.get(param) ?? "";
  const offered = value && !options.some((each) => each.value === value) ? [...options, { value, label: words(value) }] : options;
  return (
    <label className={`lf-filter ${value ? "is-set" : ""}`}>
      <span className="lf-filter__label">{label}</span>
      <select value={value || usual || ""} onChange={(event) => set({ [param]: event.target.value === usual ? "" : event.target.value })}>
        {!usual && <option value="">Any</option>}
        {offered.map((each) => <option key={each.value} value={each.value}>{each.label}</option>)}
      </select>
    </label>
  );
}

export function UrlSegments({ param, label, options }) {
  const [params, set] = useUrl();
  const value = params.get(param) ?? "";
  return (
    <div className="lf-segments" role="group" aria-label={label}>
      {[{ value: "", label: "All" }, ...options].map((each) => (
        <button
          key={each.value} type="button" className={`lf-segment ${each.value ? `lf-band--${each.value}` : ""}`}
          aria-pressed={value === each.value} onClick={() => set({ [param]: each.value })}
        >
          {each.icon && <Icon name={each.icon} size={14} />}
          {each.label}
        </button>
      ))}
    </div>
  );
}

export function UrlText({ param, placeholder }) {
  const [params, set] = useUrl();
  const there = params.get(param) ?? "";
  const [text, setText] = useState(there);
  const timer = useRef(null);
  const sent = useRef(there);
  useEffect(() => { if (there !== sent.current) { sent.current = there; setText(there); } }, [there]);
  const change = (value) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => { sent.current = value.trim(); set({ [param]: value.trim() }); }, 200);
  };
  return (
    <div className="lf-find">
      <Icon name="Search" size={14} />
      <input
        type="search" className="lf-input" value={text} placeholder={placeholder} aria-label={placeholder} autoComplete="off" spellCheck={false}
        onChange={(event) => change(event.target.value)} onKeyDown={(event) => event.key === "Escape" && (event.preventDefault(), change(""))}
      />
    </div>
  );
}

export function UrlClear({ keep }) {
  const [params, set] = useUrl();
  const active = [...params.keys()].filter((key) => key !== "view" && !keep.includes(key));
  if (active.length === 0) return null;
  return (
    <button type="button" className="lf-button lf-button--quiet lf-button--small" onClick={() => set(Object.fromEntries(active.map((key) => [key, ""])))}>
      <Icon name="X" size={14} /> Clear
    </button>
  );
}

// Tabs whose choice is in the URL; only the chosen panel is drawn.
export function UrlTabs({ param, label, names: all, children }) {
  const [params, set] = useUrl();
  const me = useMe();
  const isShown = (name) => !name.permission || may(me, name.permission);
  const names = all.filter(isShown);
  const panels = [].concat(children).filter((_, index) => isShown(all[index]));
  const keys = names.map((name) => name.key);
  const at = Math.max(0, keys.indexOf(params.get(param)));
  if (names.length === 0) return null;
  const walk = (event) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: keys.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + keys.length) % keys.length;
    set({ [param]: index ? keys[index] : "" });
    event.currentTarget.children[index].focus();
  };
  return (
    <>
      <div className="lf-tabs" role="tablist" aria-label={label} onKeyDown={walk}>
        {names.map((name, index) => (
          <button
            key={name.key} type="button" role="tab" id={`tab-${name.key}`} aria-controls={`panel-${name.key}`} className="lf-tab"
            aria-selected={index === at} tabIndex={index === at ? 0 : -1} onClick={() => set({ [param]: index ? name.key : "" })}
          >
            {name.label}
          </button>
        ))}
      </div>
      <div className="lf-panel" role="tabpanel" id={`panel-${keys[at]}`} aria-labelledby={`tab-${keys[at]}`}>{panels[at]}</div>
    </>
  );
}
