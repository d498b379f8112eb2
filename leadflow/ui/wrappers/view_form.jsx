// The name, the icon and the place of a view: for a new one of what the page shows, or one that is there.
import { useEffect, useId, useRef, useState } from "react";
import { Dialog, Icon, changeView, may, saveView, toast, useMe } from "./kit.js";
import { Field, useSaving } from "./saving.jsx";
import { LONGEST_NAME } from "./view_params.js";

const ICONS = ["Eye", "Flame", "Sun", "Snowflake", "Star", "Target", "Bell", "Timer", "Phone", "Mail", "Globe", "User"];

function IconPicker({ value, onChange }) {
  const name = useId();
  return (
    <fieldset className="lf-fieldset">
      <legend className="lf-label">Icon</legend>
      <div className="lf-viewicons">
        {ICONS.map((icon) => (
          <label key={icon} className="lf-viewicon" title={icon}>
            <input type="radio" name={name} className="lf-visually-hidden" aria-label={icon} checked={value === icon} onChange={() => onChange(icon)} />
            <Icon name={icon} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Form({ view, draftOf, onDone }) {
  const me = useMe();
  const [draft, setDraft] = useState(() => ({ name: view?.name ?? draftOf?.name ?? "", icon: view?.icon ?? draftOf?.icon ?? "Eye", is_shared: false, is_pinned: true }));
  const { busy, send, refuse, problemOf, elsewhere } = useSaving(["name"]);
  const input = useRef(null);
  useEffect(() => { requestAnimationFrame(() => input.current?.select()); }, []);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const { name: typed, icon, ...placed } = draft;
  const save = (event) => {
    event?.preventDefault();
    const name = typed.trim();
    if (!name) return refuse([{ field: "name", message: "Give the view a name." }]);
    return send(async () => {
      const saved = view ? await changeView(view, { name, icon }) : await saveView({ name, icon, ...placed, layout: draftOf.layout, params: draftOf.params });
      toast(view ? `The view is called “${name}”.` : `Saved as “${name}”.`);
      onDone(saved);
    });
  };
  return (
    <form className="lf-form" noValidate onSubmit={save} onKeyDown={(event) => { if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save(event); }} aria-busy={busy}>
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{elsewhere}</p>}
      <Field id="view-name" label="Name" problem={problemOf("name")}>
        <input id="view-name" ref={input} className="lf-input" autoComplete="off" maxLength={LONGEST_NAME} placeholder="Hot leads of mine" value={typed} onChange={(event) => set({ name: event.target.value })} />
      </Field>
      <IconPicker value={icon} onChange={(chosen) => set({ icon: chosen })} />
      {!view && (
        <div className="lf-fieldset">
          <label className="lf-check"><input type="checkbox" checked={draft.is_pinned} onChange={(event) => set({ is_pinned: event.target.checked })} /> Pin it as a tab</label>
          {may(me, "leads.write") && <label className="lf-check"><input type="checkbox" checked={draft.is_shared} onChange={(event) => set({ is_shared: event.target.checked })} /> Share it with everybody in {me.organization.name}</label>}
        </div>
      )}
      <div className="lf-actions">
        <button type="button" className="lf-button" onClick={() => onDone(null)}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{view ? "Save" : "Save view"}</button>
      </div>
    </form>
  );
}

// `of` is {view} to rename one, or {draftOf: {layout, params, name, icon}} to save a new one; null while closed.
export function ViewForm({ of, onClose, onSaved }) {
  const done = (saved) => { onClose(); if (saved && !of.view) onSaved(saved); };
  return <Dialog isOpen={Boolean(of)} heading={of?.view ? "Rename the view" : "Save as a view"} onClose={onClose}>{of && <Form {...of} onDone={done} />}</Dialog>;
}
