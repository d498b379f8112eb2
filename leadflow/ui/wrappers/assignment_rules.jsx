// The rules of assignment in the order in which they are asked, and the editor that opens in their place.
import { useEffect, useRef, useState } from "react";
import { DndContext, MouseSensor, TouchSensor, closestCenter, useSensor, useSensors } from "@dnd-kit/core";
import { Empty, Failed, Icon, Skeleton, toast, useUrl } from "./kit.js";
import { NEW_RULE, sharesOf } from "./rule_draft.js";
import { RuleEditor, keep } from "./rule_editor.jsx";
import { DAYS, takesAll } from "./rule_preview.jsx";
import { RuleRow } from "./rule_row.jsx";
import { Unmatched } from "./rule_shares.jsx";
import { usePeopleAndTeams, useRules, useTrial } from "./use_rules.js";
import "./assignment.css";
import "./people.css";

const MOUSE = { activationConstraint: { distance: 4 } };
const TOUCH = { activationConstraint: { delay: 180, tolerance: 8 } };
const FLASH_MS = 700;

// What the address asks to be edited: a new rule, one that is there, or another one like it.
function askedFor(what, rows) {
  if (!what) return null;
  const [kind, id] = what.split(":");
  const found = rows.find((rule) => rule.id === (id ?? kind));
  if (kind === "new") return { rule: NEW_RULE, place: rows.length };
  if (!found) return null;
  if (kind !== "copy") return { rule: found, place: rows.indexOf(found) };
  const { id: _, position, ...said } = found;
  return { rule: { ...said, name: `${found.name} (copy)`.slice(0, 80) }, place: rows.indexOf(found) + 1 };
}

function Rules({ rules, names, moved, onMoved, onPick }) {
  const { rows } = rules;
  const { trial, error, retry } = useTrial(rows, DAYS);
  const [drag, setDrag] = useState(null);
  const sensors = useSensors(useSensor(MouseSensor, MOUSE), useSensor(TouchSensor, TOUCH));
  const shares = sharesOf(rows, error ? null : trial);
  const at = (id) => rows.findIndex((rule) => rule.id === id);
  const move = (rule, to) => { onMoved(rule.id); rules.move(rule, to); };
  const drop = ({ active, over }) => {
    setDrag(null);
    if (over && over.id !== active.id) move(rows[at(active.id)], at(over.id));
  };
  const overOf = (rule) => (drag?.over === rule.id && drag.id !== rule.id ? (at(drag.id) > at(rule.id) ? "above" : "below") : null);
  const problemOf = (place) => error?.errors?.find((each) => each.field?.startsWith(`rules.${place}.`))?.message;
  return (
    <>
      <DndContext
        sensors={sensors} collisionDetection={closestCenter} onDragStart={({ active }) => setDrag({ id: active.id })}
        onDragOver={({ active, over }) => setDrag({ id: active.id, over: over?.id })} onDragEnd={drop} onDragCancel={() => setDrag(null)}
      >
        <ol className="lf-rules" aria-label="Rules, the first asked first">
          {rows.map((rule, place) => (
            <RuleRow
              key={rule.id} rule={rule} place={place} count={rows.length} names={names} hasFailed={Boolean(error)} over={overOf(rule)} moved={moved === rule.id} share={shares.get(rule)} trial={error ? null : trial}
              days={DAYS} problem={problemOf(place)} above={takesAll(rows, place)} onMove={move} onToggle={rules.toggle} onPick={onPick}
            />
          ))}
        </ol>
      </DndContext>
      <div className="lf-rules__end" role="status">
        {trial && !error && <Unmatched trial={trial} days={DAYS} hasRules={rows.some((rule) => rule.is_on)} />}
        {error?.status === 422 && <p className="lf-warn">Until each rule can be tried there are no counts.</p>}
        {error && error.status !== 422 && <p className="lf-rules__failed"><span className="lf-warn">The rules could not be tried. {error.message}</span> <button type="button" className="lf-button lf-button--small" onClick={retry}><Icon name="Reload" size={14} /> Try again</button></p>}
        {rows.every((rule) => !rule.is_on) && <p className="lf-muted">No rule is on, so everybody who sells takes turns.</p>}
      </div>
    </>
  );
}

export function AssignmentRules() {
  const rules = useRules();
  const { names: known, error: namesError, reload: loadNames } = usePeopleAndTeams();
  const [url, setUrl] = useUrl();
  const [moved, setMoved] = useState(null);
  const [place, wanted] = [useRef(null), useRef(null)];
  useEffect(() => {
    const found = wanted.current && place.current?.querySelector(wanted.current);
    if (!found) return;
    found.focus();
    wanted.current = null;
  });
  const error = rules.error ?? namesError;
  if (error) return <Failed what="The rules could not be loaded." error={error} retry={() => { rules.reload(); loadNames(); }} />;
  if (!rules.rows || !known) return <Skeleton shape="entry" count={5} />;

  const names = { ...known, strategies: rules.strategies };
  const { rows } = rules;
  const what = url.get("edit");
  const open = (to) => setUrl({ edit: to });
  const close = (focus) => { wanted.current = focus; setUrl({ edit: "" }); };
  const flash = (id) => { setMoved(id); setTimeout(() => setMoved((now) => (now === id ? null : now)), FLASH_MS); };
  const pick = (rule, key) => {
    const at = rows.indexOf(rule);
    if (key === "edit") open(rule.id);
    else if (key === "copy") open(`copy:${rule.id}`);
    else if (key === "remove") { wanted.current = ".lf-rules__add"; rules.remove(rule); }
    else { wanted.current = `[id="rule-${rule.id}"] .lf-rule__handle`; flash(rule.id); rules.move(rule, at + (key === "up" ? -1 : 1)); }
  };
  const asked = askedFor(what, rows);
  if (asked) {
    const back = asked.rule.id ? `[id="rule-${asked.rule.id}"] .lf-rule__name` : ".lf-rules__add";
    const cancel = (draft) => {
      close(back);
      if (draft) toast("What you changed was not saved.", { undo: () => { keep(what, draft); open(what); } });
    };
    return <RuleEditor key={what} what={what} {...asked} rows={rows} names={names} save={rules.save} onDone={(id) => { flash(id); close(`[id="rule-${id}"] .lf-rule__name`); }} onCancel={cancel} />;
  }
  const button = <button type="button" className="lf-button lf-button--primary lf-rules__add" onClick={() => open("new")}><Icon name="Plus" /> Make a rule</button>;
  return (
    <div className="lf-people" ref={place}>
      {rows.length === 0 ? (
        <Empty title="Without rules everybody who sells takes turns with every lead, in their working hours first. A rule says who takes which leads instead.">{button}</Empty>
      ) : (
        <>
          <div className="lf-people__bar"><p className="lf-muted">Asked from the top: the first rule that a lead matches decides. The counts say what they would have done last month.</p>{button}</div>
          <Rules rules={rules} names={names} moved={moved} onMoved={flash} onPick={pick} />
        </>
      )}
    </div>
  );
}
