// One rule in the list: dragged by its handle or moved by arrows, switched, opened, and counted.
import { useDraggable, useDroppable } from "@dnd-kit/core";
import { number } from "./kit.js";
import { Icon } from "./icons.jsx";
import { RowMenu } from "./row_menu.jsx";
import { Sentence } from "./rule_preview.jsx";
import { Bar, isOffering, matchWords } from "./rule_shares.jsx";

function entries(place, count) {
  return [
    { key: "edit", name: "Edit…" }, { key: "copy", name: "Duplicate…" },
    ...(place > 0 ? [{ key: "up", name: "Move up" }] : []), ...(place < count - 1 ? [{ key: "down", name: "Move down" }] : []), { key: "remove", name: "Remove" },
  ];
}

function Count({ rule, share, trial, days, problem, above, hasFailed }) {
  if (!rule.is_on) return <span className="lf-muted">Off</span>;
  if (problem) return <span className="lf-warn" title={problem}>Cannot be tried</span>;
  if (hasFailed) return <span className="lf-muted">Not counted</span>;
  if (!trial) return <span className="lf-skeleton lf-skeleton--line" aria-hidden="true" />;
  const waiting = share?.people.find((each) => each.person === null)?.leads ?? 0;
  return (
    <>
      <span className="lf-number">{trial.leads ? matchWords(share, trial, days) : "Nothing to try it on"}</span>
      <Bar part={share?.matched ?? 0} whole={trial.leads} />
      {above && <span className="lf-warn">Never asked: “{above.name}” takes every lead</span>}
      {waiting > 0 && (isOffering(rule.strategy) ? <span className="lf-muted">Offered until somebody takes them</span> : <span className="lf-warn">{number(waiting)} would have waited for somebody</span>)}
    </>
  );
}

export function RuleRow({ rule, place, count, names, over, moved, onMove, onToggle, onPick, ...counted }) {
  const { setNodeRef: drag, setActivatorNodeRef: handle, listeners, transform, isDragging } = useDraggable({ id: rule.id });
  const { setNodeRef: drop } = useDroppable({ id: rule.id });
  const keys = (event) => {
    const to = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to >= 0 && to < count && to !== place) onMove(rule, to);
  };
  const mark = over && !isDragging ? `is-over-${over}` : "";
  return (
    <li
      ref={(node) => { drag(node); drop(node); }} id={`rule-${rule.id}`} className={`lf-rule ${rule.is_on ? "" : "is-off"} ${isDragging ? "is-dragged" : ""} ${mark} ${moved ? "is-flash-0" : ""}`}
      style={isDragging && transform ? { transform: `translateY(${transform.y}px)` } : undefined}
    >
      <button ref={handle} type="button" className="lf-rule__handle" aria-label={`Move ${rule.name}, rule ${place + 1} of ${count}: arrow up or down`} title="Drag, or press arrow up or down" onKeyDown={keys} onPointerDown={listeners?.onPointerDown} onMouseDown={listeners?.onMouseDown} onTouchStart={listeners?.onTouchStart}>
        <Icon name="Grip" /><span className="lf-number">{place + 1}</span>
      </button>
      <div className="lf-rule__said">
        <button type="button" className="lf-rule__name lf-clip" aria-label={`Edit ${rule.name}`} title={rule.name} onClick={() => onPick(rule, "edit")}><bdi>{rule.name}</bdi></button>
        <p className="lf-rule__sentence"><Sentence rule={rule} names={names} /></p>
        {counted.problem && <p className="lf-error">{counted.problem}</p>}
      </div>
      <div className="lf-rule__count"><Count rule={rule} {...counted} /></div>
      <button type="button" className="lf-switch" role="switch" aria-checked={rule.is_on} aria-label={`${rule.name} is on`} title={rule.is_on ? "On: switch off" : "Off: switch on"} onClick={() => onToggle(rule, !rule.is_on)}><span /></button>
      <RowMenu name={rule.name} label={`More for ${rule.name}`} items={entries(place, count)} onPick={(key) => onPick(rule, key)} />
    </li>
  );
}
