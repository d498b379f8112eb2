// A quiet select inside a row: it shows what is chosen, and what can be chosen indented as its tree is.
import { useState } from "react";

const FEW = 40;
const INDENT = "\u2003";

export function Pick({ id, label, value, options, onPick, disabled, title, fallback = "" }) {
  const [isNear, setNear] = useState(options.length <= FEW);
  const chosen = options.find((option) => option.value === value) ?? { value, label: fallback, depth: 0 };
  const near = () => setNear(true);
  // A long list in each of many rows is made when somebody is about to open it.
  const offered = isNear ? options : [];
  return (
    <span className="lf-pick" onPointerEnter={near} onFocus={near} title={title}>
      <span className="lf-pick__face lf-clip" aria-hidden="true"><bdi>{chosen.label}</bdi></span>
      <select id={id} className="lf-pick__select" aria-label={label} value={value} disabled={disabled} onChange={(event) => onPick(event.target.value)}>
        {!offered.includes(chosen) && <option value={value}>{chosen.label}</option>}
        {offered.map((option) => <option key={option.value} value={option.value}>{INDENT.repeat(option.depth ?? 0) + option.label}</option>)}
      </select>
    </span>
  );
}

// The same choice in a form.
export function TeamSelect({ id, value, options, onChange }) {
  return (
    <select id={id} className="lf-select" value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map((option) => <option key={option.value} value={option.value}>{INDENT.repeat(option.depth) + option.label}</option>)}
    </select>
  );
}
