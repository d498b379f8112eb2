// Inviting somebody by a link that is mailed, or shown once, and the invitations that nobody has followed yet.
import { useEffect, useState } from "react";
import { CopyText, Dialog, Icon, age, exactTime, failed, may, plural, rest, toast, useNow, when } from "./kit.js";
import { TeamSelect } from "./pick.jsx";
import "./work.css";

const DAY_MS = 86_400_000;
const remaining = (ms) => (ms < DAY_MS ? age(0, ms) : plural(Math.round(ms / DAY_MS), "day"));

const USUAL = { email: "", role: "rep", team: "", days: "7" };

function NewInvitation({ roles, places, hasMail, onDone, onCancel }) {
  const [draft, setDraft] = useState(USUAL);
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const set = (part) => setDraft((before) => ({ ...before, ...part }));
  const make = async (mail) => {
    if (!draft.email.trim()) return setErrors({ email: "Enter the address of whom you invite." });
    setBusy(true);
    try {
      onDone(await rest("POST", "/invitations", { email: draft.email.trim(), role: draft.role, team: draft.team || null, days: Number(draft.days) || 0, mail }));
    } catch (error) {
      const named = error.errors.map((each) => [each.field in draft ? each.field : "all", each.message]);
      setErrors(named.length ? Object.fromEntries(named) : { all: error.message });
      setBusy(false);
    }
  };
  const submit = (event) => { event.preventDefault(); make(hasMail); };
  const note = (name, help) => <p id={`invite-${name}-note`} className={errors[name] ? "lf-error" : "lf-help"} role={errors[name] ? "alert" : undefined}>{errors[name] ?? help}</p>;
  const about = (name) => ({ id: `invite-${name}`, "aria-describedby": `invite-${name}-note`, "aria-invalid": Boolean(errors[name]), value: draft[name], onChange: (event) => set({ [name]: event.target.value }) });
  return (
    <form className="lf-form" noValidate onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}>
      {errors.all && <p className="lf-error lf-error--block" role="alert">{errors.all}</p>}
      <div className="lf-field">
        <label htmlFor="invite-email">E-mail</label>
        <input className="lf-input" type="email" autoFocus autoComplete="off" spellCheck={false} maxLength={320} placeholder="name@company.com" {...about("email")} />
        {note("email", hasMail ? "The link is mailed there, and they join with this address." : "They join with this address.")}
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
      <div className="lf-actions lf-actions--wrap">
        <button type="button" className="lf-button lf-button--quiet" onClick={onCancel}>Cancel</button>
        {hasMail && <button type="button" className="lf-button" disabled={busy} onClick={() => make(false)}>Make a link instead</button>}
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>{hasMail ? "Send invitation" : "Make a link"}</button>
      </div>
    </form>
  );
}

function Link({ made, isNew, onClose }) {
  return (
    <div className="lf-form">
      {isNew && <p>The link before leads nowhere now.</p>}
      <p>Send this link to <strong>{made.email}</strong>. It is valid once, until {exactTime(made.expires_at)}, and cannot be shown again.</p>
      <code className="lf-secret" tabIndex={0} aria-label="Link">{made.url}</code>
      <div className="lf-actions">
        <CopyText text={made.url} label="Copy link" className="lf-button lf-button--primary" />
        <button type="button" className="lf-button" onClick={onClose}>Done</button>
      </div>
    </div>
  );
}

function Mailed({ made, me, onClose }) {
  return (
    <div className="lf-form">
      <p>A link is being mailed to <strong>{made.email}</strong>. It is valid once, until {exactTime(made.expires_at)}.</p>
      {me.mail === "caught" && (
        <p className="lf-muted">
          This installation keeps its mail instead of sending it. {may(me, "settings.manage") ? <a className="lf-link" href="/mail-catcher">Read it in the mail catcher</a> : "Owners and admins can read it."}
        </p>
      )}
      <div className="lf-actions"><button type="button" className="lf-button lf-button--primary" autoFocus onClick={onClose}>Done</button></div>
    </div>
  );
}

export function Inviting({ isOpen, me, roles, places, onClose, onInvited }) {
  const [made, setMade] = useState(null);
  const close = () => { setMade(null); onClose(); };
  const heading = !made ? "Invite somebody" : made.url ? "The invitation is ready" : "The invitation is on its way";
  const done = (answer) => { setMade(answer); onInvited(); };
  return (
    <Dialog isOpen={isOpen} heading={heading} onClose={close}>
      {!made && <NewInvitation roles={roles} places={places} hasMail={me.mail !== "none"} onCancel={close} onDone={done} />}
      {made && (made.url ? <Link made={made} onClose={close} /> : <Mailed made={made} me={me} onClose={close} />)}
    </Dialog>
  );
}

const SOON_MS = 1_000;
const LATE_MS = 30_000;

// A mail takes a moment: the list looks again until it knows what became of each, less and less often.
function useDelivery(list) {
  const [delay, setDelay] = useState(SOON_MS);
  const isWaiting = list.data?.items.some((each) => each.mail === "waiting");
  useEffect(() => {
    if (!isWaiting) return setDelay(SOON_MS);
    const timer = setTimeout(() => { setDelay((before) => Math.min(LATE_MS, before * 2)); list.reload(); }, delay);
    return () => clearTimeout(timer);
  }, [list.data, isWaiting]);
}

function Delivery({ invitation, now }) {
  switch (invitation.mail) {
    case "waiting": return "being mailed";
    case "sent": return <span title={exactTime(invitation.mailed_at)}>mailed {when(invitation.mailed_at, now)}</span>;
    case "failed": return <strong className="lf-invited__late">the mail has not gone out</strong>;
    default: return "link given by hand";
  }
}

export function Invitations({ list, mail, placeOf, onChanged }) {
  const [gone, setGone] = useState([]);
  const [shown, setShown] = useState(null);
  const now = useNow();
  useDelivery(list);
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
      onChanged();
    } catch (problem) {
      setGone((before) => before.filter((id) => id !== invitation.id));
      failed("The invitation was not revoked.", problem);
    }
  };
  const renew = async (invitation, byMail) => {
    try {
      const made = await rest("POST", `/invitations/${invitation.id}/renew`, { mail: byMail });
      if (made.url) setShown(made);
      else toast(`Another link is being mailed to ${made.email}. The one before leads nowhere now.`);
      list.reload();
    } catch (problem) {
      failed("No other link was made.", problem);
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
              <span className="lf-muted">{[each.role_name, placeOf(each.team), each.invited_by && `invited by ${each.invited_by}`].filter(Boolean).join(" · ")} · <span className="lf-number" title={`Valid until ${exactTime(each.expires_at)}`}>valid for {remaining(each.expires_at - now)}</span> · <Delivery invitation={each} now={now} /></span>
            </div>
            <div className="lf-rows__tools">
              {mail !== "none" && <button type="button" className="lf-button lf-button--small" aria-label={`Mail the invitation of ${each.email} again`} onClick={() => renew(each, true)}>Send again</button>}
              <button type="button" className="lf-button lf-button--small" aria-label={`Make a new link for ${each.email}`} onClick={() => renew(each, false)}>New link</button>
              <button type="button" className="lf-button lf-button--small lf-button--danger" aria-label={`Revoke the invitation of ${each.email}`} onClick={() => revoke(each)}>Revoke</button>
            </div>
          </li>
        ))}
      </ul>
      <Dialog isOpen={Boolean(shown)} heading="The new link" onClose={() => setShown(null)}>
        {shown && <Link made={shown} isNew onClose={() => setShown(null)} />}
      </Dialog>
    </section>
  );
}
