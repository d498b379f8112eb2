// Keys for other systems: made once, shown once, revoked at will.
import { useState } from "react";
import { CopyText, Dialog, Empty, Failed, Icon, Skeleton, asTime, exactTime, failed, rest, toast, useNow, useOnce, useRest, when } from "./kit.js";
import "./work.css";

const listOf = (answer) => (Array.isArray(answer) ? answer : answer?.items ?? answer?.keys ?? []);

const LIFETIMES = [{ days: 0, label: "Until it is revoked" }, { days: 30, label: "30 days" }, { days: 90, label: "90 days" }, { days: 365, label: "A year" }];

function NewKey({ scopes, onDone, onCancel }) {
  const teams = listOf(useOnce("/teams") ?? []);
  const [team, setTeam] = useState("");
  const [days, setDays] = useState(0);
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState(() => scopes.filter((scope) => scope.usual).map((scope) => scope.value));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const toggle = (value) => setChosen((before) => (before.includes(value) ? before.filter((each) => each !== value) : [...before, value]));
  const submit = async (event) => {
    event.preventDefault();
    if (!name.trim()) return setProblem("Give the key a name, such as the system that will use it.");
    if (chosen.length === 0) return setProblem("Choose at least one thing the key may do.");
    setBusy(true);
    try {
      onDone(await rest("POST", "/api-keys", { name: name.trim(), scopes: chosen, team: team || null, expires_at: days ? new Date(Date.now() + days * 86_400_000).toISOString() : null }));
    } catch (error) {
      setProblem(error.errors[0]?.message ?? error.message);
      setBusy(false);
    }
  };
  return (
    <form className="lf-form" noValidate onSubmit={submit}>
      {problem && <p className="lf-error lf-error--block" role="alert">{problem}</p>}
      <div className="lf-field">
        <label htmlFor="key-name">Name</label>
        <input id="key-name" className="lf-input" value={name} maxLength={80} autoFocus onChange={(event) => setName(event.target.value)} placeholder="Website backend" />
      </div>
      <fieldset className="lf-fieldset">
        <legend className="lf-label">May</legend>
        {scopes.map((scope) => (
          <label key={scope.value} className="lf-check"><input type="checkbox" checked={chosen.includes(scope.value)} onChange={() => toggle(scope.value)} /> {scope.label}</label>
        ))}
      </fieldset>
      {teams.length > 0 && (
        <div className="lf-field">
          <label htmlFor="key-team">Reaches</label>
          <select id="key-team" className="lf-input" value={team} onChange={(event) => setTeam(event.target.value)}>
            <option value="">All leads</option>
            {teams.map((each) => <option key={each.id} value={each.id}>{each.name} and the teams below</option>)}
          </select>
        </div>
      )}
      <div className="lf-field">
        <label htmlFor="key-days">Valid</label>
        <select id="key-days" className="lf-input" value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {LIFETIMES.map((each) => <option key={each.days} value={each.days}>{each.label}</option>)}
        </select>
      </div>
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onCancel}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={busy}>Create key</button>
      </div>
    </form>
  );
}

function Shown({ secret, onClose }) {
  return (
    <div className="lf-form">
      <p>Copy the key now. It is not kept here and cannot be shown again.</p>
      <code className="lf-secret" tabIndex={0}>{secret}</code>
      <div className="lf-actions"><CopyText text={secret} label="Copy key" className="lf-button lf-button--primary" /><button type="button" className="lf-button" onClick={onClose}>Done</button></div>
    </div>
  );
}

export function ApiKeys({ scopes }) {
  const { data, error, reload } = useRest("/api-keys");
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState(null);
  const now = useNow();
  if (error) return <Failed what="The API keys could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="row" count={3} />;
  const keys = listOf(data).filter((key) => !key.revoked_at);
  const revoke = async (key) => {
    try {
      await rest("DELETE", `/api-keys/${key.id}`);
      toast(`Key “${key.name}” revoked. What uses it is refused from now on.`);
      reload();
    } catch (problem) {
      failed("The key was not revoked.", problem);
    }
  };
  const replace = async (key) => {
    try {
      setMade(await rest("POST", `/api-keys/${key.id}/rotate`, {}));
      setMaking(true);
      reload();
    } catch (problem) {
      failed("The key was not replaced.", problem);
    }
  };
  const close = () => { setMaking(false); setMade(null); };
  const button = <button type="button" className="lf-button lf-button--primary" onClick={() => setMaking(true)}><Icon name="Plus" /> Create a key</button>;
  return (
    <>
      {keys.length === 0 ? <Empty title="Keys let your other systems send leads and events here.">{button}<a className="lf-link" href="/api/docs">Read the API</a></Empty> : (
        <>
          <div className="lf-actions">{button}</div>
          <ul className="lf-rows" aria-label="API keys">
            {keys.map((key) => {
              const used = asTime(key.last_used_at);
              return (
                <li key={key.id} className="lf-rows__row">
                  <div className="lf-rows__main">
                    <span className="lf-rows__title lf-clip">{key.name}<code className="lf-code">{key.prefix ?? key.hint ?? "lf_"}…</code></span>
                    <span className="lf-muted">{(key.scopes ?? []).map((scope) => scopes.find((each) => each.value === scope)?.label ?? scope).join(", ")} · <span title={used ? exactTime(used) : undefined}>{used ? `used ${when(used, now)}` : "never used"}</span>{key.expires_at && <> · <span title={exactTime(asTime(key.expires_at))}>valid until {exactTime(asTime(key.expires_at))}</span></>}</span>
                  </div>
                  <button type="button" className="lf-button lf-button--small" onClick={() => replace(key)} aria-label={`Replace key ${key.name}`} title="A new key that may do the same; this one is accepted for another 24 hours">Replace</button>
                  <button type="button" className="lf-button lf-button--small lf-button--danger" onClick={() => revoke(key)} aria-label={`Revoke key ${key.name}`}>Revoke</button>
                </li>
              );
            })}
          </ul>
        </>
      )}
      <Dialog isOpen={isMaking} heading={made ? "Your new key" : "Create a key"} onClose={close}>
        {made ? <Shown secret={made.key ?? made.token ?? made.secret} onClose={close} /> : <NewKey scopes={scopes} onCancel={close} onDone={(answer) => { setMade(answer); reload(); }} />}
      </Dialog>
    </>
  );
}
