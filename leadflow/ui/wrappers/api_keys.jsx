// Keys for other systems: made once, shown once, revoked at will.
import { useState } from "react";
import { CopyText, Dialog, Empty, Failed, Icon, Skeleton, asTime, exactTime, failed, rest, toast, useNow, useRest, when } from "./kit.js";
import "./work.css";

const listOf = (answer) => (Array.isArray(answer) ? answer : answer?.items ?? answer?.keys ?? []);

function NewKey({ scopes, onDone, onCancel }) {
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
      onDone(await rest("POST", "/api-keys", { name: name.trim(), scopes: chosen }));
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
                    <span className="lf-muted">{(key.scopes ?? []).map((scope) => scopes.find((each) => each.value === scope)?.label ?? scope).join(", ")} · <span title={used ? exactTime(used) : undefined}>{used ? `used ${when(used, now)}` : "never used"}</span></span>
                  </div>
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
