// The lead list: sorted and filtered by the server, drawn a screenful at a time, patched live, chosen from by click and key.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Empty, Failed, Icon, Skeleton, may, number, opened, plural, sees, useMe, useMedia, useUrl } from "./kit.js";
import { ColumnEdge, ColumnMenu } from "./column_menu.jsx";
import { ColumnsPanel } from "./columns_panel.jsx";
import { useKeysSaid } from "./commands.js";
import { GroupHead, Sums } from "./group_head.jsx";
import { GroupSelect } from "./group_select.jsx";
import { groupName } from "./group_words.js";
import { allOf, headOf, isLead, leadFrom, slotId } from "./group_slots.js";
import { useLeadPages } from "./lead_pages.js";
import { UNFILTERED, filterOf, isFiltered, wantedOf, watchedOf } from "./lead_query.js";
import { LeadLine, LeadRow } from "./lead_row.jsx";
import { LeadSums } from "./lead_sums.jsx";
import { BulkActions } from "./bulk_actions.jsx";
import { isChosen, isEmpty } from "./selection.js";
import { clicked, isDescending, partsOf, placeOf } from "./sort_rules.js";
import { extrasOf } from "./table_columns.js";
import { EDITING_KEYS, columnHeld, focusCell, useCellEdit } from "./use_cell_edit.js";
import { useColumns } from "./use_columns.js";
import { useFolded } from "./use_folded.js";
import { useLeadGroups } from "./use_lead_groups.js";
import { useNames } from "./use_names.js";
import { useSelection } from "./use_selection.js";
import { useTotals } from "./use_totals.js";
import "./list.css";

const PICK_WIDTH = 40;
const NOTHING = { count: 0, values: {}, mean: null };
const FIELD_OF = { source: "source", country: "country" };
const KEYS = [{ label: "Next lead, the one before", key: "j k" }, { label: "Open the lead", key: "Enter" }];
const CHOOSING_KEYS = [{ label: "Select, or let go", key: "x" }, { label: "Select down, up", key: "Shift J K" }, { label: "Reassign what is selected", key: "a" }, { label: "Move what is selected to a stage", key: "s" }];
const BULK_KEYS = { a: "reassign", s: "stage" };

function Heading({ column, sort, onSort, layout }) {
  const place = column.sort ? placeOf(sort, column.sort) : 0;
  const descending = isDescending(sort, column.sort);
  return (
    <div role="columnheader" aria-label={column.label} className={`lf-th ${column.align ? "is-end" : ""}`} aria-sort={place ? (descending ? "descending" : "ascending") : column.sort ? "none" : undefined}>
      {column.sort ? (
        <button type="button" className="lf-th__button" title="Shift-click adds a key" onClick={(event) => onSort(clicked(sort, column, event.shiftKey))}>
          {column.label}
          {place > 0 && <Icon name={descending ? "ArrowDown" : "ArrowUp"} size={12} />}
          {place > 0 && partsOf(sort).length > 1 && <span className="lf-th__place">{place}</span>}
        </button>
      ) : <span className="lf-clip">{column.label}</span>}
      <ColumnMenu column={column} layout={layout} onSort={onSort} />
      <ColumnEdge column={column} layout={layout} />
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

function Table({ columns: all, groups, defaultSort, onAdd }) {
  const me = useMe();
  const layout = useColumns(all);
  const { columns } = layout;
  const [params, setUrl] = useUrl();
  const wanted = useMemo(() => wantedOf(params), [params]);
  const usual = wanted.q ? "relevance" : defaultSort;
  const sort = wanted.sort ?? usual;
  const names = useNames({ withTeams: columns.some((column) => column.key === "team") });
  const offered = useMemo(() => groups.filter((each) => sees(me, FIELD_OF[each.value] ?? each.value)), [groups, me]);
  const by = offered.some((each) => each.value === params.get("group")) ? params.get("group") : null;
  const { folded, fold, foldOnly } = useFolded(by);
  const said = useMemo(() => ({ stages: [...names.stages.keys()], nameOf: (key) => groupName(by, key, names) }), [by, names]);
  const extra = { ...wanted, sort, columns: extrasOf(columns) };
  const flat = useLeadPages(by ? null : extra);
  const grouped = useLeadGroups(by ? extra : null, by, folded, said);
  const { store, slots, ids, more, ask, loading, error, reload, fresh } = by ? grouped : flat;
  const { sort: _, ...asked } = wanted;
  const whole = useTotals(by ? null : "all", asked, watchedOf(asked));
  const sum = by ? grouped.totals && allOf(grouped.totals) : whole.totals && (whole.totals.get("") ?? NOTHING);
  const total = sum?.count ?? (by ? null : flat.total);
  const capped = by ? grouped.capped : sum ? whole.capped : flat.capped;
  const phone = useMedia("(max-width: 767px)");
  const scroller = useRef(null);
  const [active, setActive] = useState(0);
  const [isPicking, setPicking] = useState(false);
  const [doing, setDoing] = useState(null);
  const mayChange = may(me, "leads.write");
  const filter = useMemo(() => filterOf(wanted), [wanted]);
  const { selection, choose, chooseListed, chooseAll, clear } = useSelection(ids, JSON.stringify(filter));
  const hasSome = !isEmpty(selection);
  const navigate = useNavigate();
  useKeysSaid(KEYS);
  useKeysSaid(CHOOSING_KEYS, mayChange);

  // All places are worked out anew when the function that names them is another one.
  const getItemKey = useCallback((index) => slotId(slots[index]), [slots]);
  const rows = useVirtualizer({
    count: slots.length, overscan: 10, getScrollElement: () => scroller.current,
    estimateSize: (index) => (!phone ? 36 : isLead(slots[index]) ? 76 : 44), getItemKey, scrollMargin: 0,
  });
  useEffect(() => rows.measure(), [phone]);
  useEffect(() => { scroller.current?.scrollTo({ top: 0 }); setActive(0); }, [JSON.stringify(wanted), by]);
  const drawn = rows.getVirtualItems();
  const [firstDrawn, lastDrawn] = [drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0];
  useEffect(() => { ask(firstDrawn, lastDrawn); }, [firstDrawn, lastDrawn, slots, loading]);

  const held = by ? headOf(slots, rows.range?.startIndex ?? 0) : -1;
  // Whoever folds a group that began above stands at its head afterwards.
  const foldHere = useCallback((key, index) => {
    fold(key);
    if (rows.scrollOffset > (rows.getOffsetForIndex(index, "start")?.[0] ?? 0)) requestAnimationFrame(() => rows.scrollToIndex(index, { align: "start" }));
  }, [fold, rows]);

  // The lead that keys are about, where a head stands in the place that was last gone to.
  const current = leadFrom(slots, active, 0);
  const goTo = useCallback((index) => {
    const at = isLead(slots[index]) ? index : leadFrom(slots, index, 1);
    if (at < 0) return;
    const column = columnHeld();
    setActive(at);
    rows.scrollToIndex(at);
    requestAnimationFrame(() => focusCell(scroller.current, at, column));
  }, [slots, rows]);
  const leads = useMemo(() => slots.map((slot) => (isLead(slot) ? slot : undefined)), [slots]);
  const edit = useCellEdit({ scroller, store, ids: leads, columns, active: current, goTo, isOff: phone });
  useKeysSaid(EDITING_KEYS, edit.isOn);

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
        const to = leadFrom(slots, current, isInRow ? step : 0);
        if (event.shiftKey && mayChange) {
          if (!isChosen(selection, slots[current])) choose(slots[current], false);
          choose(slots[to], true);
        }
        goTo(to);
      } else if (mayChange && key === "x" && ids.length) {
        choose(slots[current], event.shiftKey);
        if (!isInRow) goTo(current);
      } else if (mayChange && BULK_KEYS[key] && (hasSome || isInRow)) {
        if (!hasSome) choose(slots[current], false);
        setDoing(BULK_KEYS[key]);
      } else if (key === "Escape" && hasSome) clear();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, [goTo, current, slots, mayChange, selection]);

  if (error && slots.length === 0) return <Failed what="The leads could not be loaded." error={error} retry={reload} />;
  if (!loading && slots.length === 0) {
    return <NoLeads filtered={isFiltered(wanted)} clear={() => setUrl(UNFILTERED)} onAdd={onAdd} />;
  }
  const Drawn = phone ? LeadLine : LeadRow;
  const isSelectable = mayChange && (!phone || isPicking || hasSome);
  const template = { "--columns": (isSelectable ? `${PICK_WIDTH}px ` : "") + layout.template, "--least": `${layout.least + (isSelectable ? PICK_WIDTH : 0)}px` };
  const isFolded = by && folded.size > 0;
  const done = () => { setDoing(null); setPicking(false); clear(); };
  return (
    <div className="lf-list" aria-busy={loading}>
      <div className="lf-list__total">
        <p role="status">{total === null ? <Skeleton width={72} /> : <span className="lf-number">{number(total)}{capped ? "+" : ""} {total === 1 ? "lead" : "leads"}{phone && !by && sum?.count > 0 && sum.values && <> · <Sums values={sum.values} most={2} /></>}</span>}</p>
        {fresh > 0 && <button type="button" className="lf-waiting lf-waiting--inline" onClick={reload}>{by ? `${plural(fresh, "lead")} new or moved` : plural(fresh, "new lead")}</button>}
        <div className="lf-list__tools">
          {by && !phone && <button type="button" className="lf-button lf-button--quiet lf-button--small" onClick={() => foldOnly(isFolded ? [] : grouped.totals?.keys() ?? [])}>{isFolded ? "Unfold all" : "Fold all"}</button>}
          <GroupSelect by={by} offered={offered} />
          {!phone && <ColumnsPanel layout={layout} />}
          {may(me, "leads.export") && ids.length > 0 && <button type="button" className="lf-button lf-button--quiet lf-button--small lf-list__export" data-command="Export the list" onClick={() => setDoing("list")}><Icon name="Download" size={14} /> <span className="lf-list__word">Export…</span></button>}
        </div>
        {phone && mayChange && <button type="button" className="lf-button lf-button--quiet lf-list__pick" onClick={() => (isSelectable ? done() : setPicking(true))}>{isSelectable ? "Done" : "Select"}</button>}
      </div>
      <div
        ref={scroller} className={`lf-table ${isSelectable ? "is-selectable" : ""}`} role="table" aria-label="Leads" aria-rowcount={by || total === null || capped ? -1 : total + 1} style={template}
        onFocus={(event) => { const at = event.target.closest("[data-index]")?.dataset.index; if (at) setActive(Number(at)); }}
      >
        <div role="rowgroup" className="lf-thead">
          <div role="row" className="lf-tr" aria-rowindex={1}>
            {isSelectable && <PickAll selection={selection} onListed={chooseListed} onClear={clear} />}
            {columns.map((column) => <Heading key={column.key} column={column} sort={sort} layout={layout} onSort={(next) => setUrl({ sort: next === usual ? "" : next })} />)}
          </div>
        </div>
        <div role="rowgroup" className="lf-tbody" style={{ height: rows.getTotalSize() }}>
          {total === null && loading && <div role="row"><div role="cell" className="lf-list__wait"><Skeleton shape="row" count={14} /></div></div>}
          {held >= 0 && <GroupHead key={slotId(slots[held])} slot={slots[held]} by={by} names={names} index={held} onFold={foldHere} />}
          {drawn.map((item) => {
            const slot = slots[item.index];
            if (item.index === held) return null;
            if (isLead(slot)) return (
              <Drawn
                key={item.key} index={item.index} top={item.start} id={slot} store={store} columns={columns} names={names}
                isActive={item.index === current} open={navigate} isChosen={isChosen(selection, slot)} onChoose={isSelectable ? choose : undefined}
                edit={edit} editing={edit.editing?.id === slot ? edit.editing.key : undefined}
              />
            );
            if (slot?.kind === "head") return <GroupHead key={item.key} slot={slot} by={by} names={names} index={item.index} top={item.start} onFold={foldHere} />;
            return (
              <div key={item.key} role="row" className="lf-tr lf-tr--more" style={{ transform: `translateY(${item.start}px)` }}>
                <div role="cell">{error ? <button type="button" className="lf-button lf-button--small" onClick={() => more(slot?.key)}>Loading failed. Try again</button> : <Skeleton width={180} />}</div>
              </div>
            );
          })}
        </div>
        {!phone && <LeadSums columns={columns} total={sum} capped={capped} hasPick={isSelectable} />}
      </div>
      <BulkActions doing={doing} onDoing={setDoing} selection={selection} filter={filter} sort={sort} columns={columns.map((column) => column.key)} total={total} capped={capped} onAll={chooseAll} onClear={clear} onDone={done} />
    </div>
  );
}

export const LeadTable = opened("list", Table);

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
