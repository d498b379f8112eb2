// The views of a page: all leads, the pinned ones as tabs, everything else behind a button; and what to do with changes.
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { Dialog, Icon, Menu, changeView, failed, reloadViews, toast, useMe, useMedia, useOpening, useViews } from "./kit.js";
import { addressOf, currentOf, freeName, isSame, tabsOf } from "./view_params.js";
import { ViewForm } from "./view_form.jsx";
import { allItems, doWith, itemsOf } from "./view_menu.js";
import { ViewPanel } from "./view_panel.jsx";
import "./views.css";

function Tab({ view, layout, isCurrent, isChanged, children }) {
  const link = useRef(null);
  const [name, isMarked] = [view?.name ?? "All leads", isCurrent && isChanged];
  useEffect(() => { if (isCurrent) link.current?.scrollIntoView({ block: "nearest", inline: "nearest" }); }, [isCurrent, isMarked]);
  return (
    <li className={`lf-viewtab ${isCurrent ? "is-current" : ""}`}>
      <Link ref={link} className="lf-viewtab__link" to={addressOf(layout, view)} title={view?.name} aria-label={isMarked ? `${name}, changed` : undefined} aria-current={isCurrent ? "page" : undefined}>
        {view && <Icon name={view.icon} size={14} />}
        <span className="lf-clip"><bdi>{name}</bdi></span>
        {isMarked && <span className="lf-viewdot" aria-hidden="true" />}
      </Link>
      {isCurrent && children}
    </li>
  );
}

function Dots({ label, items, onPick }) {
  const button = useRef(null);
  const [anchor, setAnchor] = useState(null);
  const close = (back) => { setAnchor(null); if (back) button.current?.focus(); };
  return (
    <>
      <button ref={button} type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-haspopup="menu" aria-expanded={Boolean(anchor)} aria-label={`More for ${label}`} title={`More for ${label}`} data-command={`View: ${label}`} onClick={() => setAnchor(anchor ? null : button.current)}><Icon name="Ellipsis" /></button>
      {anchor && <Menu anchor={anchor} label={label} items={items} onPick={(key) => { close(true); onPick(key); }} onClose={close} />}
    </>
  );
}

// Somebody else saved the same view in between: nothing is overwritten unseen, and nothing is lost.
function Conflict({ of, onClose, onKeep, onNew, onTheirs }) {
  return (
    <Dialog isOpen={Boolean(of)} heading="This view has changed meanwhile" onClose={onClose}>
      <div className="lf-form">
        <p>{of?.changed_by || "Somebody else"} saved “{of?.name}” while you changed it. Nothing of yours is lost.</p>
        <div className="lf-actions lf-actions--wrap">
          <button type="button" className="lf-button" onClick={onTheirs}>Take theirs</button>
          <button type="button" className="lf-button" onClick={onNew}>Save mine as new</button>
          <button type="button" className="lf-button lf-button--primary" onClick={onKeep}>Keep mine</button>
        </div>
      </div>
    </Dialog>
  );
}

function useBar(layout) {
  const me = useMe();
  const views = useViews();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const [form, setForm] = useState(null);
  const [isPanel, setPanel] = useState(false);
  const [conflict, setConflict] = useState(null);
  const current = currentOf(views.items, search, layout);
  const { view, params } = current;
  // What the view held when the address last said the same: whoever saves means to change that.
  const base = useRef(null);
  if (view && !current.isChanged) base.current = view;
  const open = (other) => { setPanel(false); navigate(addressOf(other?.layout ?? layout, other)); };
  const reset = () => navigate(addressOf(layout, view), { replace: true });
  const saveNew = () => { setPanel(false); setConflict(null); setForm({ draftOf: { layout, params, name: view ? freeName(view.name, views.items) : "", icon: view?.icon } }); };
  const keep = async (version) => {
    const isOld = base.current?.id === view.id && !isSame(base.current.params, view.params);
    if (!version && isOld) return setConflict(view);
    setConflict(null);
    try {
      await changeView(view, { params, version: version ?? view.version });
      toast(`“${view.name}” is saved${view.is_shared ? " for everybody" : ""}.`);
    } catch (error) {
      if (error.status === 409 && error.problem.current) { setConflict(error.problem.current); reloadViews(); }
      else failed("The view was not saved.", error);
    }
  };
  const pick = (key, of) => {
    const own = { save: () => keep(), new: saveNew, reset }[key];
    if (own) return own();
    if (key === "rename") setPanel(false);
    const leave = () => { if (of.id === view?.id) navigate(addressOf(layout, null), { replace: true }); };
    return doWith(key, of, views, me, { layout: of?.layout ?? layout, rename: (renamed) => setForm({ view: renamed }), leave, back: of?.id === view?.id ? () => navigate(addressOf(layout, of)) : null });
  };
  return { me, views, ...current, open, reset, saveNew, keep, pick, form, setForm, isPanel, setPanel, conflict, setConflict };
}

const savedWord = (view) => (view.is_shared ? "Save for everybody" : "Save");

function Changes({ view, isChanged, keep, saveNew, reset }) {
  if (!isChanged) return null;
  return (
    <div className="lf-views__changes" role="group" aria-label="Changes to the view">
      <button type="button" className="lf-button lf-button--quiet lf-button--small" data-command="Reset the view" onClick={reset}>Reset</button>
      <button type="button" className="lf-button lf-button--small" data-command="Save as a new view" onClick={saveNew}>Save as new</button>
      {view?.may_change && <button type="button" className="lf-button lf-button--primary lf-button--small" data-command="Save the view" onClick={() => keep()}>{savedWord(view)}</button>}
    </div>
  );
}

const changesOf = ({ view, isChanged }) => (isChanged ? [...(view?.may_change ? [{ key: "save", name: savedWord(view) }] : []), { key: "new", name: "Save as new…" }, { key: "reset", name: "Reset" }] : []);

function Narrow({ bar, items }) {
  const { view, isChanged, setPanel, pick } = bar;
  return (
    <div className="lf-views__narrow">
      <button type="button" className="lf-views__select" aria-haspopup="dialog" aria-label={`View: ${view?.name ?? "All leads"}${isChanged ? ", changed" : ""}. Choose another`} data-key="v" data-command="Open another view" onClick={() => setPanel(true)}>
        <Icon name={view?.icon ?? "Users"} />
        <span className="lf-clip"><bdi>{view?.name ?? "All leads"}</bdi></span>
        {isChanged && <span className="lf-viewdot" aria-hidden="true" />}
        <Icon name="ChevronDown" size={14} />
      </button>
      <Dots label={view?.name ?? "All leads"} items={[...changesOf(bar), ...items]} onPick={(key) => pick(key, view)} />
    </div>
  );
}

function Wide({ bar, layout, items }) {
  const { views, view, isChanged, setPanel, pick, saveNew } = bar;
  const tabs = tabsOf(views.items, layout).filter((each) => each.withheld.length === 0 || each.id === view?.id);
  const shown = view && !tabs.includes(view) ? [...tabs, view] : tabs;
  const dots = <Dots label={view?.name ?? "All leads"} items={items} onPick={(key) => pick(key, view)} />;
  return (
    <>
      <ul className="lf-viewtabs">
        <Tab view={null} layout={layout} isCurrent={!view} isChanged={isChanged}>{dots}</Tab>
        {shown.map((each) => <Tab key={each.id} view={each} layout={layout} isCurrent={each.id === view?.id} isChanged={isChanged}>{dots}</Tab>)}
      </ul>
      <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label="Save this as a view" title="Save this as a view" data-command="Save this as a view" onClick={saveNew}><Icon name="Plus" size={14} /></button>
      <button type="button" className="lf-button lf-button--quiet lf-button--small" aria-haspopup="dialog" title="All views" data-key="v" data-command="Open another view" onClick={() => setPanel(true)}>
        Views{views.items.length > 0 && <span className="lf-number lf-muted">{views.items.length}</span>}<Icon name="ChevronDown" size={14} />
      </button>
      {views.error && !views.isLoaded && <span className="lf-warn lf-views__failed" role="status">Your views could not be loaded. <button type="button" className="lf-button lf-button--small" onClick={reloadViews}><Icon name="Reload" size={14} /> Try again</button></span>}
      <Changes {...bar} />
    </>
  );
}

export function ViewBar({ layout }) {
  useOpening(layout);
  const bar = useBar(layout);
  const { me, views, view, open, pick, saveNew, form, setForm, isPanel, setPanel, conflict, setConflict, keep, reset } = bar;
  const isNarrow = useMedia("(max-width: 767px)");
  const items = view ? itemsOf(view, views, me) : allItems(views, layout, me);
  const Drawn = isNarrow ? Narrow : Wide;
  return (
    <nav className="lf-views" aria-label="Views">
      <Drawn bar={bar} layout={layout} items={items} />
      <ViewPanel isOpen={isPanel} onClose={() => setPanel(false)} views={views} layout={layout} me={me} current={view} onOpen={open} onNew={saveNew} onPick={pick} />
      <ViewForm of={form} onClose={() => setForm(null)} onSaved={open} />
      <Conflict of={conflict} onClose={() => setConflict(null)} onKeep={() => keep(conflict.version)} onNew={saveNew} onTheirs={() => { setConflict(null); reset(); }} />
    </nav>
  );
}
