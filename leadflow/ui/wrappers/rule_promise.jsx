// A promise: somebody gets in touch within so many minutes of working time, or the lead goes on to others.
import { useId } from "react";
import { Icon } from "./kit.js";
import { PoolPicker } from "./pool_picker.jsx";
import { problemAt } from "./rule_draft.js";

const MOST = 5;
const USUAL = { minutes: 30, remind_before: 10, fallbacks: [] };
const NOBODY = { people: [], teams: [], everybody: false };

const asNumber = (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

function Minutes({ label, after, value, min, max, problem, onChange }) {
  const id = useId();
  return (
    <div className="lf-field">
      <label htmlFor={id}>{label}</label>
      <span className="lf-promise__minutes">
        <input id={id} className="lf-input lf-number lf-options__number" type="number" inputMode="numeric" min={min} max={max} value={value} aria-invalid={Boolean(problem)} aria-describedby={`${id}-note`} onChange={(event) => onChange(asNumber(event.target.value))} />
        <span className="lf-muted">{after}</span>
      </span>
      {problem && <p id={`${id}-note`} className="lf-error" role="alert">{problem}</p>}
    </div>
  );
}

function Fallback({ pool, place, count, names, errors, onChange, onMove, onRemove }) {
  const label = `Fallback ${place + 1}`;
  return (
    <li className="lf-promise__fallback">
      <div className="lf-promise__head">
        <span className="lf-label">{place === 0 ? "First to" : "Then to"}</span>
        {place > 0 && <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label={`Move ${label} up`} onClick={() => onMove(place - 1)}><Icon name="ArrowUp" size={14} /></button>}
        {place < count - 1 && <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label={`Move ${label} down`} onClick={() => onMove(place + 1)}><Icon name="ArrowDown" size={14} /></button>}
        <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label={`Remove ${label}`} onClick={onRemove}><Icon name="X" size={14} /></button>
      </div>
      <PoolPicker pool={pool} names={names} label={label} path={`promise.fallbacks.${place}`} errors={errors} onChange={onChange} />
    </li>
  );
}

export function RulePromise({ promise, names, errors, onChange }) {
  const { minutes, remind_before: before, fallbacks } = promise ?? USUAL;
  const put = (part) => onChange({ ...promise, ...part });
  const putAt = (place, to) => put({ fallbacks: fallbacks.flatMap((each, index) => (index === place ? (to ? [to] : []) : [each])) });
  const move = (from, to) => {
    const others = fallbacks.filter((_, index) => index !== from);
    put({ fallbacks: [...others.slice(0, to), fallbacks[from], ...others.slice(to)] });
  };
  const whole = errors.find((each) => each.field === "promise" || each.field === "promise.fallbacks")?.message;
  return (
    <fieldset className="lf-fieldset lf-promise">
      <legend className="lf-label">Promise</legend>
      <label className="lf-check"><input type="checkbox" checked={Boolean(promise)} onChange={(event) => onChange(event.target.checked ? USUAL : null)} /> Somebody gets in touch in time</label>
      {promise && (
        <>
          <div className="lf-pair">
            <Minutes label="Within" after="minutes of working time" value={minutes} min={1} max={10080} problem={problemAt(errors, "promise.minutes")} onChange={(value) => put({ minutes: value })} />
            <Minutes label="Remind the owner" after="minutes before that" value={before} min={0} problem={problemAt(errors, "promise.remind_before")} onChange={(value) => put({ remind_before: value })} />
          </div>
          <p className="lf-help">{fallbacks.length ? "If nobody did, the lead goes on:" : "If nobody did, the lead stays where it is. Say to whom it goes on instead:"}</p>
          {fallbacks.length > 0 && (
            <ol className="lf-promise__fallbacks">
              {fallbacks.map((pool, place) => <Fallback key={place} pool={pool} place={place} count={fallbacks.length} names={names} errors={errors} onChange={(to) => putAt(place, to)} onMove={(to) => move(place, to)} onRemove={() => putAt(place, null)} />)}
            </ol>
          )}
          {fallbacks.length < MOST && <button type="button" className="lf-button lf-button--small lf-promise__add" onClick={() => put({ fallbacks: [...fallbacks, NOBODY] })}><Icon name="Plus" size={14} /> Add a fallback</button>}
        </>
      )}
      {whole && <p className="lf-error" role="alert">{whole}</p>}
    </fieldset>
  );
}
