// What a field is compared with, by what the operator takes.
import { useState } from "react";
import { PERIODS } from "./filter_draft.js";

const MANY = 8;
const UNITS = [["day", "days"], ["week", "weeks"], ["month", "months"]];

function Choices({ field, draft, set }) {
  const [wanted, setWanted] = useState("");
  const offered = field.choices.filter((each) => each.label.toLowerCase().includes(wanted.trim().toLowerCase()));
  const strange = draft.chosen.filter((value) => !field.choices.some((each) => each.value === value));
  const turn = (value) => set({ chosen: draft.chosen.includes(value) ? draft.chosen.filter((each) => each !== value) : [...draft.chosen, value] });
  return (
    <>
      {field.choices.length > MANY && (
        <input type="search" className="lf-input" placeholder="Find" aria-label={`Find in ${field.label}`} value={wanted} onChange={(event) => setWanted(event.target.value)} autoComplete="off" />
      )}
      <div className="lf-pop__choices" role="group" aria-label={field.label}>
        {[...strange.map((value) => ({ value, label: value })), ...offered].map((each) => (
          <label key={each.value} className="lf-pop__choice">
            <input type="checkbox" checked={draft.chosen.includes(each.value)} onChange={() => turn(each.value)} />
            <bdi className="lf-clip">{each.label}</bdi>
          </label>
        ))}
        {offered.length === 0 && <p className="lf-pop__none">Nothing is called “{wanted}”.</p>}
      </div>
    </>
  );
}

const HINTS = { country: "Codes of countries, such as DE, FR", currency: "Codes of currencies, such as EUR, USD" };

function Input({ label, value, onChange, ...rest }) {
  return <input className="lf-input" aria-label={label} value={value} autoComplete="off" spellCheck={false} onChange={(event) => onChange(event.target.value)} {...rest} />;
}

function Moving({ draft, set }) {
  return (
    <span className="lf-pop__pair">
      <Input label="How many" inputMode="numeric" maxLength={4} value={draft.many} onChange={(many) => set({ many })} />
      <select className="lf-select" aria-label="Of what" value={draft.unit} onChange={(event) => set({ unit: event.target.value })}>
        {UNITS.map(([key, word]) => <option key={key} value={key}>{word}</option>)}
      </select>
    </span>
  );
}

export function ValueInput({ takes, field, draft, set, currency }) {
  switch (takes) {
    case "text": return <Input label={field.label} maxLength={200} value={draft.text} onChange={(text) => set({ text })} data-first />;
    case "choices": return field.choices
      ? <Choices field={field} draft={draft} set={set} />
      : <Input label={field.label} placeholder={HINTS[field.key]} value={draft.text} onChange={(text) => set({ text })} data-first />;
    case "number":
    case "numbers": return (
      <>
        <span className="lf-pop__pair">
          <Input label={takes === "numbers" ? "From" : field.label} inputMode="decimal" value={draft.least} onChange={(least) => set({ least })} data-first />
          {takes === "numbers" && <><span className="lf-muted">and</span><Input label="To" inputMode="decimal" value={draft.most} onChange={(most) => set({ most })} /></>}
        </span>
        {field.kind === "money" && !currency && <p className="lf-pop__hint">In each lead’s own currency. To compare like with like, filter by Currency too.</p>}
      </>
    );
    case "day": return <Input label={field.label} type="date" value={draft.day} onChange={(day) => set({ day })} data-first />;
    case "days": return (
      <span className="lf-pop__pair">
        <Input label="From" type="date" value={draft.day} onChange={(day) => set({ day })} data-first />
        <span className="lf-muted">and</span>
        <Input label="To" type="date" value={draft.until} onChange={(until) => set({ until })} />
      </span>
    );
    case "period": return (
      <>
        <select className="lf-select" aria-label="Period" value={draft.period} onChange={(event) => set({ period: event.target.value })} data-first>
          {PERIODS.map(([key, word]) => <option key={key} value={key}>{word}</option>)}
        </select>
        {(draft.period === "last" || draft.period === "next") && <Moving draft={draft} set={set} />}
      </>
    );
    case "count": return <span className="lf-pop__pair"><Input label="Days" inputMode="numeric" maxLength={4} value={draft.many} onChange={(many) => set({ many })} data-first /><span className="lf-muted">days ago</span></span>;
    default: return null;
  }
}
