// What can be done with the leads that are selected: the bar that offers it, and the dialogs that do it.
import { Icon, may, number, plural, useMe } from "./kit.js";
import { BulkEdit } from "./bulk_edit.jsx";
import { useCommands } from "./commands.js";
import { ExportDialog } from "./export_dialog.jsx";
import { Reassign } from "./reassign.jsx";
import { RowMenu } from "./row_menu.jsx";
import { isEmpty } from "./selection.js";
import "./bulk.css";

const MOST_NAMED = 1_000;
const OFFERS = [
  { key: "edit", name: "Edit…", icon: "Pencil" }, { key: "stage", name: "Move to stage…", icon: "ChevronRight", shortcut: "s" },
  { key: "export", name: "Export…", icon: "Download", permission: "leads.export" },
];

function SelectionBar({ selection, all, count, offers, isTooMany, hasMore, onAll, onClear, onPick }) {
  return (
    <div className="lf-selected" role="region" aria-label="Selection">
      <p className="lf-selected__count lf-number" role="status">{selection.isAll ? `All ${all} leads` : plural(count, "lead")} selected</p>
      {hasMore && <button type="button" className="lf-linkbutton" onClick={onAll}>Select all {all} that match</button>}
      {isTooMany && <p className="lf-error">One by one, at most {number(MOST_NAMED)} can be changed at once.</p>}
      <div className="lf-selected__offers">
        {offers.map((each) => <button key={each.key} type="button" className="lf-button" disabled={isTooMany} onClick={() => onPick(each.key)} aria-keyshortcuts={each.shortcut}><Icon name={each.icon} size={14} /> {each.name}</button>)}
      </div>
      <button type="button" className="lf-button lf-button--primary" disabled={isTooMany} onClick={() => onPick("reassign")} aria-keyshortcuts="a"><Icon name="Route" size={14} /> Reassign…</button>
      {!isTooMany && <span className="lf-selected__more"><RowMenu name="Selected leads" label="More for the selected leads" items={offers} onPick={onPick} /></span>}
      <button type="button" className="lf-button lf-button--quiet" onClick={onClear} aria-label="Clear the selection" aria-keyshortcuts="Escape">Clear</button>
    </div>
  );
}

// `doing`: edit, stage, export, reassign, or "list" for a file of all that is listed; null when nothing is.
export function BulkActions({ doing, onDoing, selection, filter, sort, columns, total, capped, onAll, onClear, onDone }) {
  const me = useMe();
  const isSome = !isEmpty(selection);
  const all = `${number(total ?? 0)}${capped ? "+" : ""}`;
  const count = selection.ids.size;
  const isTooMany = count > MOST_NAMED;
  const offers = OFFERS.filter((each) => !each.permission || may(me, each.permission));
  const isList = doing === "list";
  const which = selection.isAll || isList ? { filter } : { leads: [...selection.ids] };
  const many = selection.isAll || isList ? `${all} leads` : plural(count, "lead");
  const close = () => onDoing(null);
  useCommands(() => (isSome && !isTooMany ? [...offers, { key: "reassign", name: "Reassign…" }].map((each) => ({ label: `${each.name.replace("…", "")}: ${many} selected`, key: "", run: () => onDoing(each.key) })) : []), [isSome, isTooMany, many, offers.length]);
  return (
    <>
      {isSome && <SelectionBar selection={selection} all={all} count={count} offers={offers} isTooMany={isTooMany} hasMore={!selection.isAll && total > count} onAll={onAll} onClear={onClear} onPick={onDoing} />}
      <Reassign isOpen={doing === "reassign"} which={which} heading={`Reassign ${many}`} onClose={close} onDone={onDone} />
      <BulkEdit isOpen={doing === "edit"} which={which} heading={`Edit ${many}`} onClose={close} onDone={onDone} />
      <BulkEdit isOpen={doing === "stage"} which={which} first="stage" heading={`Move ${many}`} onClose={close} onDone={onDone} />
      <ExportDialog isOpen={doing === "export" || isList} which={which} columns={columns} sort={sort} heading={`Export ${many}`} onClose={close} onDone={close} />
    </>
  );
}
