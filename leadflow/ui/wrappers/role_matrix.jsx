// What each role may do, and how far: the given ones to read, one's own to change.
import { useState } from "react";
import { Dialog, Failed, Icon, Skeleton, failed, plural, rest, toast, useMedia, useRest } from "./kit.js";
import { RoleEditor } from "./role_editor.jsx";
import { RowMenu } from "./row_menu.jsx";
import "./people.css";

const ENTRIES = [{ key: "edit", name: "Edit…" }, { key: "copy", name: "Make another like it…" }, { key: "remove", name: "Remove" }];
const STEPS = ["own", "team", "subtree", "all"];

function Grant({ right, extent, reaches }) {
  if (!extent) return <span className="lf-grant lf-grant--none"><span aria-hidden="true">–</span><span className="lf-visually-hidden">Not at all</span></span>;
  if (!right.reaches) return <span className="lf-grant"><Icon name="Check" /><span className="lf-visually-hidden">Yes</span></span>;
  const far = STEPS.indexOf(extent) + 1;
  return (
    <span className="lf-grant">
      <span className="lf-grant__reach" aria-hidden="true">{STEPS.map((step, index) => <i key={step} className={index < far ? "is-on" : ""} />)}</span>
      {reaches.find((each) => each.value === extent)?.label ?? extent}
    </span>
  );
}

// What a role goes without, in words.
function Kept({ role, fields }) {
  const named = (level) => fields.filter((field) => role.fields[field.value] === level).map((field) => (field.value === "custom" ? "other fields" : field.value));
  const [hidden, locked] = [named("none"), named("read")];
  if (!hidden.length && !locked.length) return <span className="lf-grant">{role.grants["leads.read"] ? "All" : "–"}</span>;
  return <span className="lf-grant lf-grant--kept">{[hidden.length && `Not ${hidden.join(", ")}`, locked.length && `only reads ${locked.join(", ")}`].filter(Boolean).join("; ")}</span>;
}

function Head({ role, count, onPick }) {
  return (
    <span className="lf-roles__role">
      <span className="lf-roles__who"><bdi className="lf-roles__name lf-clip" title={role.name}>{role.name}</bdi><span className="lf-muted lf-number">{count ? plural(count, "person", "people") : "nobody"}</span></span>
      {role.is_own && <RowMenu name={role.name} label={`More for the role ${role.name}`} items={ENTRIES} onPick={(what) => onPick(role, what)} />}
    </span>
  );
}

function Table({ roles, rights, reaches, fields, countOf, onPick }) {
  return (
    <div className="lf-roles" tabIndex={0} role="region" aria-label="What each role may do">
      <table>
        <thead><tr><th scope="col">May</th>{roles.map((role) => <th key={role.id} scope="col"><Head role={role} count={countOf(role)} onPick={onPick} /></th>)}</tr></thead>
        <tbody>
          {rights.map((right) => (
            <tr key={right.value}>
              <th scope="row">{right.label}</th>
              {roles.map((role) => <td key={role.id}><Grant right={right} extent={role.grants[right.value]} reaches={reaches} /></td>)}
            </tr>
          ))}
          <tr><th scope="row">Fields of leads</th>{roles.map((role) => <td key={role.id}><Kept role={role} fields={fields} /></td>)}</tr>
        </tbody>
      </table>
    </div>
  );
}

function Cards({ roles, rights, reaches, fields, countOf, onPick }) {
  return (
    <ul className="lf-rolecards" aria-label="Roles">
      {roles.map((role) => (
        <li key={role.id} className="lf-rolecard">
          <Head role={role} count={countOf(role)} onPick={onPick} />
          <dl>{rights.filter((right) => role.grants[right.value]).map((right) => <div key={right.value}><dt>{right.label}</dt><dd><Grant right={right} extent={role.grants[right.value]} reaches={reaches} /></dd></div>)}<div><dt>Fields of leads</dt><dd><Kept role={role} fields={fields} /></dd></div></dl>
        </li>
      ))}
    </ul>
  );
}

export function RoleMatrix({ rights, reaches, fields }) {
  const { data, error, reload } = useRest("/roles");
  const { data: people } = useRest("/people");
  const [edited, setEdited] = useState(null);
  const isNarrow = useMedia("(max-width: 767px)");
  if (error && !data) return <Failed what="The roles could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="entry" count={8} />;

  const roles = data.items;
  const countOf = (role) => people?.items.filter((person) => person.role === role.id).length ?? 0;
  const again = async ({ name, grants, fields: levels }) => {
    try {
      await rest("POST", "/roles", { name, grants, fields: levels });
      reload();
    } catch (problem) {
      failed(`The role ${name} was not made again.`, problem);
    }
  };
  const remove = async (role) => {
    try {
      await rest("DELETE", `/roles/${role.id}`);
      toast(`The role ${role.name} is removed.`, { undo: () => again(role) });
      reload();
    } catch (problem) {
      failed(`The role ${role.name} was not removed.`, problem);
    }
  };
  const pick = (role, what) => {
    if (what === "remove") return remove(role);
    setEdited(what === "edit" ? role : { grants: role.grants, fields: role.fields });
  };
  const usual = roles.find((role) => role.id === "rep")?.grants ?? {};
  const Drawn = isNarrow ? Cards : Table;
  return (
    <div className="lf-people">
      <div className="lf-people__bar">
        <p className="lf-muted">Five roles are given. Make your own where none of them fits.</p>
        <button type="button" className="lf-button lf-button--primary" onClick={() => setEdited({ grants: usual })}><Icon name="Plus" /> Make a role</button>
      </div>
      <Drawn roles={roles} rights={rights} reaches={reaches} fields={fields} countOf={countOf} onPick={pick} />
      <Dialog isOpen={edited !== null} heading={edited?.id ? `Edit the role ${edited.name}` : "Make a role"} onClose={() => setEdited(null)}>
        {edited && <RoleEditor key={edited.id ?? "new"} role={edited} rights={rights} reaches={reaches} fields={fields} count={edited.id ? countOf(edited) : 0} onCancel={() => setEdited(null)} onDone={() => { setEdited(null); reload(); }} />}
      </Dialog>
    </div>
  );
}
