// Conditions as chips that read as sentences: a click changes one, × takes it away. A group stands in brackets.
import { Icon } from "./kit.js";
import { howOf, isGroup, partsOf } from "./filter_rules.js";
import { sentence } from "./filter_words.js";

export function Match({ how, label, onTurn }) {
  return (
    <span className="lf-match">
      <select aria-label={label} value={how} onChange={(event) => onTurn(event.target.value)}>
        <option value="all">all of</option>
        <option value="any">any of</option>
      </select>
    </span>
  );
}

function Leaf({ node, path, fields, currency, onEdit, onDrop }) {
  const said = sentence(fields, node, currency);
  if (!said) {
    return (
      <span className="lf-fchip is-unknown" data-chip>
        <span className="lf-fchip__text"><Icon name="ShieldAlert" size={14} /> “{node.field}” cannot be filtered by here</span>
        <button type="button" className="lf-fchip__x" aria-label={`Remove the filter by ${node.field}`} onClick={() => onDrop(path)}><Icon name="X" size={14} /></button>
      </span>
    );
  }
  const keys = (event) => { if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); onDrop(path); } };
  return (
    <span className="lf-fchip" data-chip onKeyDown={keys}>
      <button type="button" className="lf-fchip__text" onClick={(event) => onEdit(event.currentTarget, path)} title={`${said.label} ${said.words}`}>
        <span>{said.label}</span> <bdi className="lf-fchip__words">{said.words}</bdi>
      </button>
      <button type="button" className="lf-fchip__x" aria-label={`Remove: ${said.label} ${said.words}`} onClick={() => onDrop(path)}><Icon name="X" size={14} /></button>
    </span>
  );
}

export function Nodes({ node, path = [], ...rest }) {
  return partsOf(node).map((part, index) => {
    const place = [...path, index];
    return isGroup(part) ? <Group key={place.join()} node={part} path={place} {...rest} /> : <Leaf key={place.join()} node={part} path={place} {...rest} />;
  });
}

function Group({ node, path, onAdd, onTurn, onDrop, ...rest }) {
  const how = howOf(node);
  return (
    <span className="lf-fgroup" role="group" aria-label={how === "any" ? "Any of" : "All of"}>
      <Match how={how} label="This group asks for" onTurn={(next) => onTurn(path, next)} />
      <Nodes node={node} path={path} onAdd={onAdd} onTurn={onTurn} onDrop={onDrop} {...rest} />
      <button type="button" className="lf-fchip__x" aria-label="Add to this group" title="Add to this group" onClick={(event) => onAdd(event.currentTarget, path)}><Icon name="Plus" size={14} /></button>
      <button type="button" className="lf-fchip__x" aria-label="Remove this group" title="Remove this group" onClick={() => onDrop(path)}><Icon name="X" size={14} /></button>
    </span>
  );
}
