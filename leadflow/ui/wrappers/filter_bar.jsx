// What a list or board is narrowed to and sorted by: chips, and the buttons that add to them. All of it is in the URL.
import { useRef, useState } from "react";
import { Icon, useMe, useOnce, useUrl } from "./kit.js";
import { Match, Nodes } from "./filter_chip.jsx";
import { FilterEditor } from "./filter_editor.jsx";
import { MOST, add, at, currencyOf, group, howOf, leavesOf, partsOf, put, treeOf, turn, urlOf } from "./filter_rules.js";
import { UNFILTERED, isFiltered, wantedOf } from "./lead_query.js";
import { SortMenu } from "./sort_menu.jsx";
import "./filter.css";

const NONE = { fields: [], sorts: [] };

export function LeadQuery({ defaultSort, children }) {
  const [params, setUrl] = useUrl();
  const told = useOnce("/leads/fields");
  const [editing, setEditing] = useState(null);
  const bar = useRef(null);
  const button = useRef(null);
  const { fields, sorts } = told ?? NONE;
  const { tree, isUnread } = treeOf(params);
  const currency = currencyOf(tree);
  const count = leavesOf(tree).length;
  const show = (next) => setUrl(urlOf(next));

  const close = () => setEditing(null);
  const done = (condition) => {
    const { path, isNew, how } = editing;
    const node = how ? group(how, [condition]) : condition;
    show(isNew ? add(tree, path, node) : put(tree, path, node));
    close();
  };
  const drop = (path) => {
    const chips = [...bar.current.querySelectorAll("[data-chip]")];
    const index = chips.findIndex((chip) => chip.contains(document.activeElement));
    show(put(tree, path, null));
    requestAnimationFrame(() => (bar.current?.querySelectorAll("[data-chip]")[Math.max(0, index - 1)]?.querySelector("button") ?? button.current)?.focus());
  };
  const start = (anchor, path, more = {}) => setEditing({ anchor, path, isNew: true, ...more });
  const isFull = count >= MOST;
  const other = howOf(tree) === "any" ? "all" : "any";

  return (
    <div ref={bar} className="lf-query" role="group" aria-label="Filters and order">
      {children}
      <button
        ref={button} type="button" className="lf-button lf-button--small lf-query__add" data-command="Filter" data-key="f" disabled={isFull}
        title={isFull ? `There can be ${MOST} conditions in all` : undefined} onClick={(event) => start(event.currentTarget, [])}
      >
        <Icon name="Plus" size={14} /> Filter{count > 0 && <span className="lf-query__count">{count}</span>}
      </button>
      {defaultSort && told && <SortMenu sorts={sorts} usual={params.get("q") ? "relevance" : defaultSort} />}
      {count > 1 && <Match how={howOf(tree)} label="Leads that match" onTurn={(how) => show(turn(tree, [], how))} />}
      {told && <Nodes
        node={tree} fields={fields} currency={currency} onDrop={drop} onTurn={(path, how) => show(turn(tree, path, how))}
        onEdit={(anchor, path) => setEditing({ anchor, path })} onAdd={(anchor, path) => start(anchor, path)}
      />}
      {isUnread && (
        <span className="lf-fchip is-unknown" data-chip>
          <span className="lf-fchip__text"><Icon name="ShieldAlert" size={14} /> The filter in the address cannot be read</span>
          <button type="button" className="lf-fchip__x" aria-label="Remove the filter that cannot be read" onClick={() => setUrl({ where: "" })}><Icon name="X" size={14} /></button>
        </span>
      )}
      {count > 0 && !isFull && (
        <button type="button" className="lf-button lf-button--quiet lf-button--small lf-query__more" data-command="Filter: add a group" onClick={(event) => start(event.currentTarget, [], { how: other })}>
          <Icon name="Plus" size={14} /> {other === "any" ? "Any of" : "All of"}
        </button>
      )}
      {isFiltered(wantedOf(params)) && (
        <button type="button" className="lf-button lf-button--quiet lf-button--small lf-query__more" data-command="Clear the filters" onClick={() => { setUrl(UNFILTERED); button.current?.focus(); }}>
          <Icon name="X" size={14} /> Clear
        </button>
      )}
      {editing && (
        <FilterEditor
          anchor={editing.anchor} fields={fields} currency={currency} condition={editing.isNew ? null : at(tree, editing.path)} onDone={done} onClose={close}
        />
      )}
    </div>
  );
}
