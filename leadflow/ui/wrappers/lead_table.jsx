// The lead list: sorted and filtered by the server, drawn a screenful at a time, patched live, chosen from by click and key.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Empty, Failed, Icon, Skeleton, may, number, plural, sees, useMe, useMedia, useOnce, useUrl } from "./kit.js";
import { useKeysSaid } from "./commands.js";
import { useLeadPages } from "./lead_pages.js";
import { UNFILTERED, filterOf, isFiltered, wantedOf } from "./lead_query.js";
import { LeadLine, LeadRow } from "./lead_row.jsx";
import { Reassign, SelectionBar } from "./reassign.jsx";
import { isChosen, isEmpty } from "./selection.js";
import { clicked, isDescending, partsOf, placeOf } from "./sort_rules.js";
import { useSelection } from "./use_selection.js";
import "./list.css";

const PICK_WIDTH = "40px ";
const AHEAD = 30;
const KEYS = [{ label: "Next lead, the one before", key: "j k" }, { label: "Open the lead", key: "Enter" }];
const CHOOSING_KEYS = [{ label: "Select, or let go", key: "x" }, { label: "Select down, up", key: "Shift J K" }, { label: "Reassign what is selected", key: "a" }];
const listOf = (answer, key) => (Array.isArray(answer) ? answer : answer?.[key] ?? answer?.items ?? []);

function Heading({ column, sort, onSort }) {
  const place = column.sort ? placeOf(sort, column.sort) : 0;
  const descending = isDescending(sort, column.sort);
  return (
    <div role="columnheader" className={`lf-th ${column.align ? "is-end" : ""}`} aria-sort={place ? (descending ? "descending" : "ascending") : column.sort ? "none" : undefined}>
      {column.sort ? (
        <button type="button" className="lf-th__button" title="Shift-click adds a key" onClick={(event) => onSort(clicked(sort, column, event.shiftKey))}>
          {column.label}
          {place > 0 && <Icon name={descending ? "ArrowDown" : "ArrowUp"} size={12} />}
          {place > 0 && partsOf(sort).length > 1 && <span className="lf-th__place">{place}</span>}
        </button>
      ) : column.label}
    </div>
  );
}

function PickAll({ selection, onListed, onClear }) {
  const some = !isEmpty(selection);
  const box = useCallback((input) => { if (input) input.indeterminate = some && !selection.isAll; }, [some, selection.isAll]);
  return (
    <div role="columnheader" className="lf-th">
      <label className="lf-pick"><input ref={box} type="checkbox" aria-label="Select the leads that are listed" checked={selection.isAll} onChange={some ? onClear : onListed} /></label>
    </div>
  );
}

export function LeadTable({ columns: all, defaultSort, onAdd }) {
  const me = useMe();
  const columns = useMemo(() => all.filter((column) => sees(me, column.key)), [all, me]);
  const [params, setUrl] = useUrl();
  const wanted = useMemo(() => wantedOf(params), [params]);
  const usual = wanted.q ? "relevance" : defaultSort;
  const sort = wanted.sort ?? usual;
  const { store, ids, total, capped, more, hasMore, loading, error, reload, fresh } = useLeadPages({ ...wanted, sort });
  const people = useOnce("/people");
  const stages = useOnce("/stages");
  const names = useMemo(() => ({
    people: new Map(listOf(people, "people").map((each) => [each.id, each])),
    stages: new Map(listOf(stages, "stages").map((each) => [each.key, each.name])),
  }), [people, stages]);
  const phone = useMedia("(max-width: 767px)");
  const scroller = useRef(null);
  const [active, setActive] = useState(0);
  const [isPicking, setPicking] = useState(false);
  const [isReassigning, setReassigning] = useState(false);
  const mayChange = may(me, "leads.write");
  const filter = useMemo(() => filterOf(wanted), [wanted]);
  const { selection, choose, chooseListed, chooseAll, clear } = useSelection(ids, JSON.stringify(filter));
  const hasSome = !isEmpty(selection);
  const navigate = useNavigate();
  useKeysSaid(KEYS);
  useKeysSaid(CHOOSING_KEYS, mayChange);

  const rows = useVirtualizer({
    count: ids.length + (hasMore ? 1 : 0), overscan: 10, getScrollElement: () => scroller.current,
    estimateSize: () => (phone ? 76 : 36), getItemKey: (index) => ids[index] ?? "more", scrollMargin: 0,
  });
  useEffect(() => rows.measure(), [phone]);
  useEffect(() => { scroller.current?.scrollTo({ top: 0 }); setActive(0); }, [JSON.stringify(wanted)]);
  const drawn = rows.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => { if (hasMore && !loading && lastDrawn > ids.length - AHEAD) more(); }, [lastDrawn, hasMore, loading, ids.length]);

  const goTo = useCallback((index) => {
    const at = Math.max(0, Math.min(ids.length - 1, index));
    setActive(at);
    rows.scrollToIndex(at);
    requestAnimationFrame(() => scroller.current?.querySelector(`[data-index="${at}"] a`)?.focus({ preventScroll: true }));
  }, [ids.length, rows]);

  useEffect(() => {
    const keys = (event) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const inside = scroller.current?.contains(document.activeElement);
      if (!inside && document.activeElement !== document.body) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const step = { j: 1, k: -1, ...(inside ? { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 } : {}) }[key];
      const isInRow = inside && document.activeElement.closest("[data-index]");
      if (key === "Home" && inside) goTo(0);
      else if (step) {
        const to = Math.max(0, Math.min(ids.length - 1, isInRow ? active + step : active));
        if (event.shiftKey && mayChange) {
          if (!isChosen(selection, ids[active])) choose(ids[active], false);
          choose(ids[to], true);
        }
        goTo(to);
      } else if (mayChange && key === "x" && ids.length) {
        choose(ids[active], event.shiftKey);
        if (!isInRow) goTo(active);
      } else if (mayChange && key === "a" && (hasSome || isInRow)) {
        if (!hasSome) choose(ids[active], false);
        setReassigning(true);
      } else if (key === "Escape" && hasSome) clear();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, [goTo, active, ids, mayChange, selection]);

  if (error && ids.length === 0) return <Failed what="The leads could not be loaded." error={error} retry={reload} />;
  if (!loading && ids.length === 0) {
    return <NoLeads filtered={isFiltered(wanted)} clear={() => setUrl(UNFILTERED)} onAdd={onAdd} />;
  }
  const Drawn = phone ? LeadLine : LeadRow;
  const isSelectable = mayChange && (!phone || isPicking || hasSome);
  const template = { "--columns": (isSelectable ? PICK_WIDTH : "") + columns.map((column) => column.width).join(" ") };
  const many = selection.isAll ? `${number(total ?? 0)}${capped ? "+" : ""} leads` : plural(selection.ids.size, "lead");
  const which = selection.isAll ? { filter } : { leads: [...selection.ids] };
  const done = () => { setReassigning(false); setPicking(false); clear(); };
  return (
    <div className="lf-list" aria-busy={loading}>
      <div className="lf-list__total">
        <p role="status">{total === null ? <Skeleton width={72} /> : <span className="lf-number">{number(total)}{capped ? "+" : ""} {total === 1 ? "lead" : "leads"}</span>}</p>
        {fresh > 0 && <button type="button" className="lf-waiting lf-waiting--inline" onClick={reload}>{plural(fresh, "new lead")}</button>}
        {phone && mayChange && <button type="button" className="lf-button lf-button--quiet lf-list__pick" onClick={() => (isSelectable ? done() : setPicking(true))}>{isSelectable ? "Done" : "Select"}</button>}
      </div>
      <div
        ref={scroller} className={`lf-table ${isSelectable ? "is-selectable" : ""}`} role="table" aria-label="Leads" aria-rowcount={total === null || capped ? -1 : total + 1} style={template}
        onFocus={(event) => { const at = event.target.closest("[data-index]")?.dataset.index; if (at) setActive(Number(at)); }}
      >
        <div role="rowgroup" className="lf-thead">
          <div role="row" className="lf-tr" aria-rowindex={1}>
            {isSelectable && <PickAll selection={selection} onListed={chooseListed} onClear={clear} />}
            {columns.map((column) => <Heading key={column.key} column={column} sort={sort} onSort={(next) => setUrl({ sort: next === usual ? "" : next })} />)}
          </div>
        </div>
        <div role="rowgroup" className="lf-tbody" style={{ height: rows.getTotalSize() }}>
          {total === null && loading && <div role="row"><div role="cell" className="lf-list__wait"><Skeleton shape="row" count={14} /></div></div>}
          {drawn.map((item) => (ids[item.index]
            ? (
              <Drawn
                key={item.key} index={item.index} top={item.start} id={ids[item.index]} store={store} columns={columns} names={names}
                isActive={item.index === active} open={navigate} isChosen={isChosen(selection, ids[item.index])} onChoose={isSelectable ? choose : undefined}
              />
            )
            : <div key="more" role="row" className="lf-tr lf-tr--more" style={{ transform: `translateY(${item.start}px)` }}>
                <div role="cell">{error ? <button type="button" className="lf-button lf-button--small" onClick={more}>Loading failed. Try again</button> : <Skeleton width={180} />}</div>
              </div>))}
        </div>
      </div>
      {hasSome && <SelectionBar selection={selection} total={total} capped={capped} onAll={chooseAll} onClear={clear} onReassign={() => setReassigning(true)} />}
      <Reassign isOpen={isReassigning} which={which} heading={`Reassign ${many}`} onClose={() => setReassigning(false)} onDone={done} />
    </div>
  );
}

function NoLeads({ filtered, clear, onAdd }) {
  const me = useMe();
  if (filtered) return <Empty title="No lead matches these filters."><button type="button" className="lf-button" onClick={clear}>Clear filters</button></Empty>;
  return (
    <Empty title="Every lead you capture is listed here.">
      {may(me, "leads.write") && <button type="button" className="lf-button lf-button--primary" onClick={() => onAdd?.()}>Add a lead</button>}
      {may(me, "leads.import") && <a className="lf-link" href="/import">Import a file</a>}
    </Empty>
  );
}
