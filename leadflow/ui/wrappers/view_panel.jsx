// All views at one place: found by name, opened, pinned, put in order, and everything else behind three dots.
import { useEffect, useRef, useState } from "react";
import { DndContext, MouseSensor, TouchSensor, closestCenter, useDraggable, useDroppable, useSensor, useSensors } from "@dnd-kit/core";
import { Dialog, Empty, Failed, Icon, Skeleton, arrangeViews, pinView, reloadViews } from "./kit.js";
import { RowMenu } from "./row_menu.jsx";
import { itemsOf } from "./view_menu.js";
import { ALL, matching, sectionsOf } from "./view_params.js";

const MOUSE = { activationConstraint: { distance: 4 } };
const TOUCH = { activationConstraint: { delay: 180, tolerance: 8 } };
const PAGE = { board: "Board", list: "List" };
const SEARCH_FROM = 6;

function whoseOf(view) {
  if (view.is_mine) return view.is_shared ? "Shared by you" : "";
  return view.owner_name ? `${view.owner_name}${view.owner_is_here ? "" : ", no longer here"}` : "Somebody who is gone";
}

function Marks({ view, layout, defaults }) {
  const { mine, organization } = defaults[view.layout];
  return (
    <span className="lf-view__marks">
      {view.layout !== layout && <span className="lf-tag">{PAGE[view.layout]}</span>}
      {mine === view.id && <span className="lf-tag lf-tag--ok">My default</span>}
      {organization === view.id && <span className="lf-tag">Everybody's default</span>}
    </span>
  );
}

function Name({ view, layout, views, isCurrent, onOpen }) {
  const whose = whoseOf(view);
  const face = (
    <>
      <Icon name={view.withheld.length ? "ShieldAlert" : view.icon} />
      <span className="lf-view__name"><span className="lf-clip"><bdi>{view.name}</bdi></span>{whose && <span className="lf-view__whose lf-clip">{whose}</span>}</span>
      <Marks view={view} layout={layout} defaults={views.defaults} />
    </>
  );
  if (view.withheld.length) return <span className="lf-view__open is-withheld" title={`It asks about the ${view.withheld.join(", ")} of leads`}>{face}<span className="lf-view__why">Your role cannot see this view</span></span>;
  return <button type="button" className="lf-view__open" title={view.name} aria-current={isCurrent ? "true" : undefined} onClick={() => onOpen(view)}>{face}</button>;
}

function AllLeads({ layout, views, isCurrent, onOpen }) {
  const { mine } = views.defaults[layout];
  return (
    <div className="lf-view">
      <button type="button" className="lf-view__open" aria-current={isCurrent ? "true" : undefined} onClick={() => onOpen(null)}>
        <Icon name="Users" /><span className="lf-view__name">All leads</span>
        {mine === ALL && <span className="lf-view__marks"><span className="lf-tag lf-tag--ok">My default</span></span>}
      </button>
    </div>
  );
}

function Row({ view, handle = null, ...row }) {
  const { views, me, onPick } = row;
  const isPinned = view.pin !== null;
  return (
    <>
      {handle}
      <Name view={view} {...row} isCurrent={row.current?.id === view.id} />
      {(isPinned || view.withheld.length === 0) && (
        <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small lf-view__pin" aria-pressed={isPinned} aria-label={`Pin ${view.name}`} title={isPinned ? "Unpin" : "Pin as a tab"} onClick={() => pinView(view, !isPinned)}><Icon name="Pin" size={14} /></button>
      )}
      <RowMenu name={view.name} label={`More for ${view.name}`} items={itemsOf(view, views, me)} onPick={(key) => onPick(key, view)} />
    </>
  );
}

function Tab({ view, place, count, over, onMove, ...row }) {
  const { setNodeRef: drag, setActivatorNodeRef: handle, listeners, transform, isDragging } = useDraggable({ id: view.id });
  const { setNodeRef: drop } = useDroppable({ id: view.id });
  const keys = (event) => {
    const to = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to >= 0 && to < count && to !== place) onMove(view, to);
  };
  const grip = count > 1 && (
    <button ref={handle} type="button" className="lf-view__grip" aria-label={`Move ${view.name}, ${place + 1} of ${count}: arrow up or down`} title="Drag, or press arrow up or down" onKeyDown={keys} onMouseDown={listeners?.onMouseDown} onTouchStart={listeners?.onTouchStart}>
      <Icon name="Grip" size={14} />
    </button>
  );
  return (
    <li ref={(node) => { drag(node); drop(node); }} className={`lf-view ${isDragging ? "is-dragged" : ""} ${over && !isDragging ? `is-over-${over}` : ""}`} style={isDragging && transform ? { transform: `translateY(${transform.y}px)` } : undefined}>
      <Row view={view} handle={grip} {...row} />
    </li>
  );
}

function Pinned({ tabs, ...row }) {
  const [drag, setDrag] = useState(null);
  const [said, setSaid] = useState("");
  const sensors = useSensors(useSensor(MouseSensor, MOUSE), useSensor(TouchSensor, TOUCH));
  const at = (id) => tabs.findIndex((each) => each.id === id);
  const move = (view, to) => { setSaid(`${view.name} is ${to + 1} of ${tabs.length}.`); arrangeViews(tabs, view, to); };
  const drop = ({ active, over }) => {
    setDrag(null);
    if (over && over.id !== active.id) move(tabs[at(active.id)], at(over.id));
  };
  const overOf = (view) => (drag?.over === view.id && drag.id !== view.id ? (at(drag.id) > at(view.id) ? "above" : "below") : null);
  if (tabs.length === 0) return null;
  return (
    <section aria-label="Pinned">
      <h3 className="lf-viewlist__head">Pinned</h3>
      <DndContext
        sensors={sensors} collisionDetection={closestCenter} onDragStart={({ active }) => setDrag({ id: active.id })}
        onDragOver={({ active, over }) => setDrag({ id: active.id, over: over?.id })} onDragEnd={drop} onDragCancel={() => setDrag(null)}
      >
        <ol className="lf-viewlist" aria-label="Pinned views">{tabs.map((view, place) => <Tab key={view.id} view={view} place={place} count={tabs.length} over={overOf(view)} onMove={move} {...row} />)}</ol>
        <p className="lf-visually-hidden" role="status">{said}</p>
      </DndContext>
    </section>
  );
}

function Section({ heading, found, ...row }) {
  if (found.length === 0) return null;
  return (
    <section aria-label={heading}>
      <h3 className="lf-viewlist__head">{heading}</h3>
      <ul className="lf-viewlist" aria-label={heading}>{found.map((view) => <li key={view.id} className="lf-view"><Row view={view} {...row} /></li>)}</ul>
    </section>
  );
}

function Find({ text, onText, onEnter }) {
  const input = useRef(null);
  useEffect(() => { requestAnimationFrame(() => input.current?.focus()); }, []);
  return (
    <div className="lf-find lf-viewfind">
      <Icon name="Search" size={14} />
      <input
        ref={input} type="search" className="lf-input" value={text} placeholder="Find a view" aria-label="Find a view" autoComplete="off" spellCheck={false}
        onChange={(event) => onText(event.target.value)} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); onEnter(); } }}
      />
    </div>
  );
}

function Content({ views, layout, onOpen, onNew, ...rest }) {
  const [text, setText] = useState("");
  const { items, isLoaded, error } = views;
  if (error && !isLoaded) return <Failed what="Your views could not be loaded." error={error} retry={reloadViews} />;
  if (!isLoaded) return <Skeleton shape="entry" count={4} />;
  const save = <button type="button" className="lf-button" onClick={onNew}><Icon name="Plus" /> Save this as a view</button>;
  if (items.length === 0) return <Empty title="Filters and order, kept under a name: set what you want to see, then save it. Views that others share stand here too.">{save}</Empty>;
  const { tabs, own, shared } = sectionsOf(matching(items, text), layout);
  const row = { views, layout, onOpen, ...rest };
  const first = [...tabs, ...own, ...shared].find((each) => each.withheld.length === 0);
  return (
    <>
      {items.length >= SEARCH_FROM && (
        <Find text={text} onText={setText} onEnter={() => text.trim() && first && onOpen(first)} />
      )}
      <div className="lf-viewlists">
        {!text.trim() && <AllLeads layout={layout} views={views} isCurrent={!rest.current} onOpen={onOpen} />}
        {text.trim() ? <Section heading="Pinned" found={tabs} {...row} /> : <Pinned tabs={tabs} {...row} />}
        <Section heading="Your views" found={own} {...row} />
        <Section heading="Shared views" found={shared} {...row} />
        {tabs.length + own.length + shared.length === 0 && <p className="lf-muted lf-viewlist__none" role="status">No view matches “{text.trim()}”.</p>}
      </div>
      <div className="lf-actions">{save}</div>
    </>
  );
}

export function ViewPanel({ isOpen, onClose, ...content }) {
  return <div className="lf-viewpanel"><Dialog isOpen={isOpen} heading="Views" onClose={onClose}><Content {...content} /></Dialog></div>;
}
