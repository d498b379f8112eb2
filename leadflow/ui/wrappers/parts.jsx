// Small pieces that every live view draws: temperature, score, people, and the three states of waiting.
import { Icon } from "./icons.jsx";
import { exactTime, initials, plural } from "./format.js";

const BANDS = { hot: ["Flame", "Hot"], warm: ["Sun", "Warm"], cold: ["Snowflake", "Cold"] };

export function Band({ band, heldUntil }) {
  const [icon, word] = BANDS[band] ?? BANDS.cold;
  return (
    <span className={`lf-band lf-band--${band}`} title={heldUntil ? `Held by hand until ${exactTime(heldUntil)}` : undefined}>
      <Icon name={icon} size={14} />
      {word}
      {heldUntil && <><Icon name="Pin" size={12} className="lf-band__pin" /><span className="lf-visually-hidden">, held by hand</span></>}
    </span>
  );
}

export function ScoreBar({ score, band }) {
  return (
    <span className={`lf-scorebar lf-band--${band}`} aria-hidden="true">
      <span style={{ transform: `scaleX(${Math.max(0, Math.min(100, score)) / 100})` }} />
    </span>
  );
}

export function Moved({ by }) {
  if (!by) return null;
  const points = Math.abs(Math.round(by));
  if (!points) return null;
  return (
    <span className={`lf-moved lf-number ${by > 0 ? "is-up" : "is-down"}`}>
      <span aria-hidden="true">{by > 0 ? "▲" : "▼"}{points}</span>
      <span className="lf-visually-hidden">{by > 0 ? "up" : "down"} {plural(points, "point")}</span>
    </span>
  );
}

function hue(text) {
  let value = 7;
  for (const letter of text ?? "") value = (value * 131 + letter.codePointAt(0) * 47) % 3607;
  return value % 360;
}

export function Avatar({ person, size = 20 }) {
  if (!person) return <span className="lf-avatar lf-avatar--none" style={{ "--size": `${size}px` }} title="No owner"><Icon name="User" size={size * 0.6} /></span>;
  return (
    <span className="lf-avatar" style={{ "--size": `${size}px`, "--hue": hue(person.id) }} title={person.name} role="img" aria-label={person.name}>
      {person.initials || initials(person.name)}
    </span>
  );
}

export function Skeleton({ shape = "line", width, height, count = 1 }) {
  return Array.from({ length: count }, (_, index) => (
    <span key={index} className={`lf-skeleton lf-skeleton--${shape}`} style={{ width, height }} aria-hidden="true" />
  ));
}

export function Empty({ title, children }) {
  return (
    <div className="lf-empty">
      <p className="lf-empty__title">{title}</p>
      <div className="lf-empty__actions">{children}</div>
    </div>
  );
}

// A request that was not understood is told what was wrong with it.
const reasonOf = (error) => (error?.errors?.length ? error.errors.map((each) => each.message).join(" ") : error?.message ?? "The connection was lost.");

export function Failed({ what, error, retry }) {
  return (
    <div className="lf-failed" role="alert">
      <p className="lf-failed__title">{what}</p>
      <p className="lf-muted">{reasonOf(error)} Nothing you entered was lost.</p>
      <div className="lf-empty__actions">
        {retry && <button type="button" className="lf-button" onClick={retry}><Icon name="Reload" /> Try again</button>}
        {error?.requestId && <CopyText text={error.requestId} label={`Request ${error.requestId}`} />}
      </div>
    </div>
  );
}

export function CopyText({ text, label = "Copy", className = "lf-button lf-button--quiet" }) {
  const copy = async (event) => {
    const button = event.currentTarget;
    await navigator.clipboard.writeText(text);
    button.dataset.done = "true";
    setTimeout(() => delete button.dataset.done, 1500);
  };
  return (
    <button type="button" className={`${className} lf-copy`} onClick={copy}>
      <Icon name="Copy" /> <span className="lf-copy__label">{label}</span> <span className="lf-copy__done" aria-hidden="true"><Icon name="Check" /></span>
    </button>
  );
}
