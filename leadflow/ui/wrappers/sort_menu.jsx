// By which keys a list is sorted: up to three, each in its direction.
import { useRef, useState } from "react";
import { Icon, useUrl } from "./kit.js";
import { Pop } from "./pop.jsx";
import { MOST_KEYS, RELEVANCE, descends, dropped, flipped, keyOf, partsOf, replaced } from "./sort_rules.js";

const firstOf = (key) => (key.descends ? `-${key.key}` : key.key);

function Line({ part, index, sorts, sort, onChange, isOnly }) {
  const own = sorts.find((each) => each.key === keyOf(part));
  const place = ["Sort by", "then by", "and then by"][index];
  return (
    <div className="lf-sort__line">
      <span className="lf-sort__place">{place}</span>
      <select className="lf-select" aria-label={place} value={keyOf(part)} onChange={(event) => onChange(replaced(sort, index, firstOf(sorts.find((each) => each.key === event.target.value))))}>
        {!own && <option value={keyOf(part)}>{keyOf(part) === RELEVANCE ? "Best match" : keyOf(part)}</option>}
        {sorts.map((each) => <option key={each.key} value={each.key}>{each.label}</option>)}
      </select>
      {own ? (
        <select className="lf-select" aria-label={`${own.label}: direction`} value={descends(part) ? "down" : "up"} onChange={() => onChange(replaced(sort, index, flipped(part)))}>
          <option value="down">{own.descending}</option>
          <option value="up">{own.ascending}</option>
        </select>
      ) : <span />}
      <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label={`Do not sort by ${own?.label ?? "this"}`} disabled={isOnly} onClick={() => onChange(dropped(sort, index))}><Icon name="X" size={14} /></button>
    </div>
  );
}

export function SortMenu({ sorts, usual }) {
  const [params, setUrl] = useUrl();
  const [anchor, setAnchor] = useState(null);
  const button = useRef(null);
  const sort = params.get("sort") || usual;
  const parts = partsOf(sort);
  const change = (next) => setUrl({ sort: next === usual ? "" : next });
  const left = sorts.filter((each) => !parts.some((part) => keyOf(part) === each.key));
  const nameOf = (part) => (part === RELEVANCE ? "Best match" : sorts.find((each) => each.key === keyOf(part))?.label ?? keyOf(part));
  const isLate = sorts.some((each) => each.key === keyOf(parts[0]) && !each.alone);
  const canAdd = parts.length < MOST_KEYS && left.length > 0 && sort !== RELEVANCE;
  return (
    <>
      <button ref={button} type="button" className="lf-button lf-button--quiet lf-button--small lf-query__sort" data-command="Sort the list" aria-haspopup="dialog" aria-label={`Sorted by ${parts.map(nameOf).join(", ")}`} onClick={() => setAnchor(button.current)}>
        <Icon name={descends(parts[0]) ? "ArrowDown" : "ArrowUp"} size={14} /> {parts.map(nameOf).join(", ")}
      </button>
      {anchor && (
        <Pop anchor={anchor} label="Sort" onClose={() => setAnchor(null)}>
          <div className="lf-sort">
            {parts.map((part, index) => <Line key={index} part={part} index={index} sorts={sorts} sort={sort} onChange={change} isOnly={parts.length === 1} />)}
            {isLate && <p className="lf-pop__hint">To come first, this needs a filter by Owner or Team, or a search.</p>}
            <div className="lf-pop__foot">
              {canAdd && <button type="button" className="lf-button lf-button--quiet lf-button--small" onClick={() => change([...parts, firstOf(left[0])].join(","))}><Icon name="Plus" size={14} /> Add a key</button>}
              {sort !== usual && <button type="button" className="lf-button lf-button--quiet lf-button--small" onClick={() => change(usual)}>Reset</button>}
              <button type="button" className="lf-button lf-button--small" onClick={() => setAnchor(null)}>Done</button>
            </div>
          </div>
        </Pop>
      )}
    </>
  );
}
