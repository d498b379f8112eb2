// Which leads a rule is about: rows of field, operator and value, and groups of them.
import { useId } from "react";
import { Icon, useOnce, words } from "./kit.js";
import { changed, newGroup, newLeaf, problemAt } from "./rule_draft.js";
import { BANDS, FIELDS, KINDS, conditionWords, fieldOf, isOwn, operatorWords, ownField } from "./rule_words.js";
import { WordsInput } from "./words_input.jsx";

const OTHER = "other";
const capitalised = (text) => text[0].toUpperCase() + text.slice(1);

function Value({ row, problem, onChange }) {
  const id = useId();
  const sources = useOnce("/sources")?.items.map((each) => each.key) ?? [];
  const { kind, label } = fieldOf(row.field);
  const name = `${label}: value`;
  if (row.operator === "is empty") return <span />;
  if (row.operator === "one of") {
    const known = kind === "source" ? sources : kind === "band" ? BANDS : [];
    return <WordsInput id={id} label={name} values={row.value} said={known.length ? words : undefined} known={known} placeholder={row.field === "country" ? "DE, AT" : "One, two, …"} isInvalid={Boolean(problem)} onChange={onChange} />;
  }
  if (kind === "band" || (kind === "source" && ["is", "is not"].includes(row.operator) && sources.length > 0)) {
    const known = kind === "band" ? BANDS : sources;
    return (
      <select className="lf-select" aria-label={name} aria-invalid={Boolean(problem)} value={row.value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Choose…</option>
        {[...known, ...(row.value && !known.includes(row.value) ? [row.value] : [])].map((each) => <option key={each} value={each}>{words(each)}</option>)}
      </select>
    );
  }
  const isNumber = kind === "number" || kind === "money" || row.operator === "at least" || row.operator === "at most";
  return <input className="lf-input" aria-label={name} aria-invalid={Boolean(problem)} value={row.value} inputMode={isNumber ? "decimal" : undefined} maxLength={200} autoComplete="off" placeholder={isNumber ? "0" : undefined} onChange={(event) => onChange(event.target.value)} />;
}

function Leaf({ row, path, errors, onChange, onRemove }) {
  const { kind, label } = fieldOf(row.field);
  const problem = problemAt(errors, path);
  const operators = KINDS[kind].includes(row.operator) ? KINDS[kind] : [...KINDS[kind], row.operator];
  const pick = (field) => {
    const to = field === OTHER ? ownField("") : field;
    const [was, now] = [KINDS[kind], KINDS[fieldOf(to).kind]];
    // Among numbers one asks for at least so many, not for one of them.
    const operator = now.includes(row.operator) && (was === now || now[0] !== "at least") ? row.operator : now[0];
    const isSame = fieldOf(to).kind === kind;
    onChange(changed(isSame ? row : { ...row, value: Array.isArray(row.value) ? [] : "" }, { field: to, operator }));
  };
  return (
    <li className="lf-cond">
      <div className="lf-cond__row">
        <div className="lf-cond__field">
          <select className="lf-select" aria-label="Field" value={isOwn(row.field) ? OTHER : row.field} onChange={(event) => pick(event.target.value)}>
            {FIELDS.map((field) => <option key={field.key} value={field.key}>{field.label}</option>)}
            <option value={OTHER}>Another field…</option>
          </select>
          {isOwn(row.field) && <input className="lf-input" aria-label="Name of the field" placeholder="budget" maxLength={90} value={row.field.slice(ownField("").length)} onChange={(event) => onChange({ ...row, field: ownField(event.target.value.trimStart()) })} />}
        </div>
        <select className="lf-select" aria-label={`${label || "Field"}: how to compare`} value={row.operator} onChange={(event) => onChange(changed(row, { operator: event.target.value }))}>
          {operators.map((operator) => <option key={operator} value={operator}>{operatorWords(operator)}</option>)}
        </select>
        <Value row={row} problem={problem} onChange={(value) => onChange({ ...row, value })} />
        <Remove label={`Remove the condition on ${(label || "the field").toLowerCase()}`} onRemove={onRemove} />
      </div>
      {problem && <p className="lf-error" role="alert">{problem}</p>}
    </li>
  );
}

const Remove = ({ label, onRemove }) => <button type="button" className="lf-button lf-button--quiet lf-button--icon" aria-label={label} title={label} onClick={onRemove}><Icon name="X" size={14} /></button>;

function Group({ row, path, errors, onChange, onRemove }) {
  return (
    <li className="lf-cond lf-cond--group">
      <div className="lf-cond__head">
        <select className="lf-select" aria-label="In this group" value={row.match} onChange={(event) => onChange({ ...row, match: event.target.value })}>
          <option value="all">All of these</option><option value="any">Any of these</option>
        </select>
        <Remove label="Remove the group" onRemove={onRemove} />
      </div>
      <Rows rows={row.rows} path={`${path}.${row.match}`} errors={errors} onChange={(rows) => (rows.length ? onChange({ ...row, rows }) : onRemove())} isInside />
    </li>
  );
}

function Kept({ row, onRemove }) {
  return (
    <li className="lf-cond lf-cond--kept">
      <p><bdi>{capitalised(conditionWords(row.kept))}</bdi> <span className="lf-help">Made through the API, and kept as it is.</span></p>
      <Remove label="Remove this condition" onRemove={onRemove} />
    </li>
  );
}

function Rows({ rows, path, errors, onChange, isInside, match }) {
  const put = (row, to) => onChange(rows.flatMap((each) => (each === row ? (to ? [to] : []) : [each])));
  return (
    <>
      <ul className="lf-conds">
        {rows.map((row, index) => {
          const Drawn = row.kept ? Kept : row.rows ? Group : Leaf;
          return <Drawn key={row.key} row={row} path={`${path}.${index}`} errors={errors} onChange={(to) => put(row, to)} onRemove={() => put(row, null)} />;
        })}
      </ul>
      <div className="lf-conds__add">
        <button type="button" className="lf-button lf-button--small" onClick={() => onChange([...rows, newLeaf()])}><Icon name="Plus" size={14} /> Add a condition</button>
        {!isInside && <button type="button" className="lf-button lf-button--quiet lf-button--small" onClick={() => onChange([...rows, newGroup(match === "all" ? "any" : "all")])}>Add a group</button>}
      </div>
    </>
  );
}

export function RuleConditions({ match, rows, errors, onChange }) {
  const id = useId();
  const whole = errors.find((each) => each.field === "conditions")?.message;
  const choose = (to) => onChange({ match: to, rows: to && rows.length === 0 ? [newLeaf()] : rows });
  return (
    <div className="lf-field">
      <label htmlFor={id}>Which leads</label>
      <select id={id} className="lf-select lf-rule__match" value={match} onChange={(event) => choose(event.target.value)}>
        <option value="">Every lead</option><option value="all">Leads that match all of these</option><option value="any">Leads that match any of these</option>
      </select>
      {match && <Rows rows={rows} match={match} path={`conditions.${match}`} errors={errors} onChange={(now) => onChange({ match: now.length ? match : "", rows: now })} />}
      {whole && <p className="lf-error" role="alert">{whole}</p>}
    </div>
  );
}
