// Which column is which field, and what the import would do.
import { number, plural } from "./kit.js";

export function Mapping({ columns, fields, mapping, onChange, onNext, onBack, busy }) {
  const taken = Object.values(mapping).filter(Boolean);
  const twice = fields.find((field) => field.value !== "custom" && taken.filter((each) => each === field.value).length > 1);
  const isUsable = ["email", "phone", "name", "first_name", "last_name"].some((key) => taken.includes(key));
  return (
    <>
      <div className="lf-mapping" role="table" aria-label="Columns of the file">
        <div role="row" className="lf-mapping__row lf-mapping__row--head"><span role="columnheader">Column</span><span role="columnheader">First values</span><span role="columnheader">Becomes</span></div>
        {columns.map((column) => (
          <div role="row" key={column.name} className={`lf-mapping__row ${mapping[column.name] ? "" : "is-unused"}`}>
            <span role="cell" className="lf-mapping__name lf-clip" title={column.name}>{column.name}</span>
            <span role="cell" className="lf-mapping__samples lf-muted lf-clip" title={column.samples.join("\n")}>{column.samples.filter(Boolean).slice(0, 3).join(" · ") || "empty"}</span>
            <span role="cell">
              <select className="lf-select" aria-label={`${column.name} becomes`} value={mapping[column.name] ?? ""} onChange={(event) => onChange({ ...mapping, [column.name]: event.target.value })}>
                <option value="">Leave out</option>
                {fields.map((field) => <option key={field.value} value={field.value}>{field.label}</option>)}
              </select>
            </span>
          </div>
        ))}
      </div>
      {twice && <p className="lf-error" role="alert">Two columns cannot both become {twice.label}. Leave one out.</p>}
      {!isUsable && <p className="lf-help">Choose at least a column for the name, the email or the phone.</p>}
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onBack}>Another file</button>
        <button type="button" className="lf-button lf-button--primary" disabled={busy || Boolean(twice) || !isUsable} onClick={onNext}>{busy ? "Checking" : "Check the file"}</button>
      </div>
    </>
  );
}

function Figure({ value, label, tone }) {
  return <div className={`lf-figure ${tone && value ? `lf-figure--${tone}` : ""}`}><dd className="lf-number">{number(value ?? 0)}</dd><dt>{label}</dt></div>;
}

export function Summary({ summary, fields, onBack, onNext, busy }) {
  const names = new Map(fields.map((field) => [field.value, field.label]));
  const problems = summary.problems ?? [];
  const willDo = summary.rows - summary.invalid;
  return (
    <>
      <dl className="lf-figures">
        <Figure value={summary.new} label="new leads" tone="ok" />
        <Figure value={summary.existing} label="join a lead you have" />
        <Figure value={summary.duplicates_in_file} label="twice in the file" />
        <Figure value={summary.invalid} label="cannot go in" tone="danger" />
      </dl>
      {problems.length > 0 && (
        <div className="lf-problems">
          <h2 className="lf-subheading">{summary.invalid > problems.length ? `The first ${problems.length} problems` : "Problems"}</h2>
          <div className="lf-problems__table" tabIndex={0} role="region" aria-label="Problems in the file">
            <table>
              <thead><tr><th scope="col">Row</th><th scope="col">Field</th><th scope="col">What is wrong</th></tr></thead>
              <tbody>{problems.map((problem, index) => <tr key={index}><td className="lf-number">{number(problem.row)}</td><td>{names.get(problem.field) ?? problem.field ?? "–"}</td><td>{problem.message}</td></tr>)}</tbody>
            </table>
          </div>
          <p className="lf-help">These rows stay out and come back as a file; all others go in.</p>
        </div>
      )}
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onBack}>Back to the columns</button>
        <button type="button" className="lf-button lf-button--primary" disabled={busy || willDo === 0} onClick={onNext}>{busy ? "Starting" : `Import ${plural(willDo, "row")}`}</button>
      </div>
    </>
  );
}
