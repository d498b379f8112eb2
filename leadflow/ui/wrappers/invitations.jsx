// Inviting somebody by a link that is shown once, and the invitations that nobody has followed yet.
import { useState } from "react";
import { CopyText, Dialog, Icon, age, exactTime, failed, plural, rest, toast, useNow } from "./kit.js";
import { TeamSelect } from "./pick.jsx";
import "./work.css";

const DAY_MS = 86_400_000;
const remaining = (ms) => (ms < DAY_MS ? age(0, ms) : plural(Math.round(ms / DAY_MS), "day"));

const USUAL = { email: "", role: "rep", team: "", days: "7" };

function NewInvitation({ roles, places, onDone, onCancel }) {
  const [draft, setDraft] = useState(USUAL);
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const submit = async (event) => {
    event.preventDefault();
    if (!draft.email.trim()) return setErrors({ email: "Enter the address of whom you invite." });
    setBusy(true);
    try {
      onDone(await rest("POST", "/invitations", { email: draft.email.trim(), role: draft.role, team: draft.team || null, days: Number(draft.days) || 0 }));
    } catch (error) {
      const named = error.errors.map((each) => [each.field in draft ? each.field : "all", each.message]);
      setErrors(named.length ? Object.fromEntries(named) : { all: error.message });
      setBusy(false);
    }
  };
  const note = (name, help) => <p id={`invite-${name}-note`} className={errors[name] ? "lf-error" : "lf-help"} role={errors[name] ? "alert" : undefined}>{errors[name] ?? help}</p>;
  const about = (name) => ({ id: `invite-${name}`, "aria-describedby": `invite-${name}-note`, "aria-invalid": Boolean(errors[name]), value: draft[name], onChange: (event) => set({ [name]: event.target.value }) });
  return (
    <form className="lf-form" noValidate onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}>
      {errors.all && <p className="lf-error lf-error--block" role="alert">{errors.all}</p>}
      <div className="lf-field">
        <label htmlFor="invite-email">E-mail</label>
        <input className="lf-input" type="email" autoFocus autoComplete="off" spellCheck={false} maxLength={320} placeholder="name@company.com" {...about("email")} />
        {note("email", "They join with this address.")}
      </div>
      <div className="lf-pair">
        <div className="lf-field">
          <label htmlFor="invite-role">Role</label>
          <select className="lf-select" {...about("role")}>{roles.map((role) => <option key={role.value} value={role.value}>{role.label}</option>)}</select>
          {note("role", "What they may do.")}
        </div>
        <div className="lf-field">
          <label htmlFor="invite-team">Team</label>
          <TeamSelect id="invite-team" value={draft.team} options={places} onChange={(team) => set({ team })} />
          {note("team", "Whose leads they may see.")}
        </div>
      </div>
      <div className="lf-field lf-field--short">
        <label htmlFor="invite-days">Days the link is valid</label>
        <input className="lf-input lf-number" type="number" inputMode="numeric" min={1} max={30} {...about("days")} />
        {note("days", "From 1 to 30.")}
      </div>
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>Make a link</button>
      </div>
    </form>
  );
}

function Link({ made, onClose }) {
  return (
    <div className="lf-form">
      <p>Send this link to <strong>{made.email}</strong>. It is valid once, until {exactTime(made.expires_at)}, and cannot be shown again.</p>
      <code className="lf-secret" tabIndex={0} aria-label="Link">{made.url}</code>
      <div className="lf-actions">
        <CopyText text={made.url} label="Copy link" className="lf-button lf-button--primary" />
        <button type="button" className="lf-button" onClick={onClose}>Done</button>
      </div>
    </div>
  );
}

export function Inviting({ isOpen, roles, places, onClose, onInvited }) {
  const [made, setMade] = useState(null);
  const close = () => { setMade(null); onClose(); };
  return (
    <Dialog isOpen={isOpen} heading={made ? "The invitation is ready" : "Invite somebody"} onClose={close}>
      {made ? <Link made={made} onClose={close} /> : <NewInvitation roles={roles} places={places} onCancel={close} onDone={(answer) => { setMade(answer); onInvited(); }} />}
    </Dialog>
  );
}

export function Invitations({ list, placeOf }) {
  const [gone, setGone] = useState([]);
  const now = useNow();
  if (!list.data && list.error) {
    return (
      <p className="lf-invited__failed lf-muted" role="alert">
        The open invitations could not be loaded. <button type="button" className="lf-button lf-button--small" onClick={list.reload}><Icon name="Reload" size={14} /> Try again</button>
      </p>
    );
  }
  const open = (list.data?.items ?? []).filter((each) => !gone.includes(each.id));
  if (open.length === 0) return null;
  const revoke = async (invitation) => {
    setGone((before) => [...before, invitation.id]);
    try {
      await rest("DELETE", `/invitations/${invitation.id}`);
      toast(`The invitation of ${invitation.email} is revoked. Its link leads nowhere now.`);
    } catch (problem) {
      setGone((before) => before.filter((id) => id !== invitation.id));
      failed("The invitation was not revoked.", problem);
    }
  };
  return (
    <section className="lf-invited" aria-labelledby="invited-heading">
      <h2 id="invited-heading" className="lf-subheading">Invited, not yet here</h2>
      <ul className="lf-rows">
        {open.map((each) => (
          <li key={each.id} className="lf-rows__row">
            <span className="lf-invited__mail" aria-hidden="true"><Icon name="Mail" /></span>
            <div className="lf-rows__main">
              <span className="lf-rows__title lf-clip" title={each.email}>{each.email}</span>
              <span className="lf-muted">{[each.role_name, placeOf(each.team), each.invited_by && `invited by ${each.invited_by}`].filter(Boolean).join(" · ")} · <span className="lf-number" title={`Valid until ${exactTime(each.expires_at)}`}>valid for {remaining(each.expires_at - now)}</span></span>
            </div>
            <button type="button" className="lf-button lf-button--small lf-button--danger" aria-label={`Revoke the invitation of ${each.email}`} onClick={() => revoke(each)}>Revoke</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
