// One field of many leads at once: what it becomes, what that would mean, doing it, and back again.
import { useState } from "react";
import { Dialog, Skeleton, dismiss, failed, money, number, plural, rest, retell, sets, toMinor, toast, useMe, useOnce } from "./kit.js";
import { EDITABLE, changeOf, fromOf, summaryOf } from "./bulk_rules.js";
import { usePreview } from "./use_preview.js";

const UNDO_MS = 30_000;
const LOOK_MS = 1_000;
const CURRENCIES = ["EUR", "USD", "GBP", "CHF", "BRL"];

// Until nothing is left to do in the background; what it says stands in the message `id`.
async function watch(edit, id, says) {
  for (;;) {
    await new Promise((go) => setTimeout(go, LOOK_MS));
    const at = await rest("GET", `/leads/edit/${edit}`).catch(() => null);
    if (!at) continue;
    if (at.has_stopped) {
      dismiss(id);
      return toast(`${plural(at.remaining, "lead")} could not be changed. Undo takes the others back.`, { tone: "danger", undo: () => takeBack(edit), stays: UNDO_MS });
    }
    if (!retell(id, says(at))) return;
    if (at.remaining === 0) return;
  }
}

const wentBack = ({ returned, kept, remaining }) => `${remaining ? `${number(returned)} of ${plural(returned + remaining, "lead")} went back…` : `${plural(returned, "lead")} went back.`}${kept ? ` ${number(kept)} stayed: changed since then.` : ""}`;
const changed = ({ changed: done, skipped, remaining }) => `${remaining ? `${number(done)} of ${plural(done + remaining, "lead")} changed…` : `${plural(done, "lead")} changed.`}${skipped ? ` ${number(skipped)} had just been changed, and stayed.` : ""}`;

async function takeBack(edit) {
  try {
    const undone = await rest("POST", `/leads/edit/${edit}/undo`);
    const id = toast(wentBack(undone), undone.remaining ? { stays: UNDO_MS } : {});
    if (undone.remaining) watch(edit, id, wentBack);
  } catch (error) {
    failed("The leads were not changed back.", error);
  }
}

function tell({ id: edit, leads, skipped, remaining }) {
  if (!edit) return toast("No lead had to change.");
  const id = toast(changed({ changed: leads - skipped - remaining, skipped, remaining }), { undo: () => takeBack(edit), stays: UNDO_MS });
  return remaining ? watch(edit, id, changed) : null;
}

function Value({ draft, stages, problem, onChange }) {
  const name = EDITABLE.find((each) => each.key === draft.field).label;
  const input = { id: "edit-value", "aria-invalid": Boolean(problem), "aria-describedby": "edit-note", value: draft.text, onChange: (event) => onChange({ text: event.target.value }) };
  const isEnd = stages.some((each) => each.key === draft.text && each.kind !== "open");
  const note = problem ? <p id="edit-note" className="lf-error" role="alert">{problem}</p> : <p id="edit-note" className="lf-help">{draft.field === "stage" ? "Won and lost leads stay where they are unless you say so." : draft.field === "country" ? "Two letters, such as DE. Left empty, it is cleared." : "Left empty, it is cleared."}</p>;
  if (draft.field === "stage") {
    return (
      <>
        <div className="lf-field"><label htmlFor="edit-value">Move to</label><select className="lf-select" {...input}><option value="">Choose a stage</option>{stages.map((each) => <option key={each.key} value={each.key}>{each.name}</option>)}</select>{note}</div>
        {isEnd && <div className="lf-field"><label htmlFor="edit-reason">Reason</label><input id="edit-reason" className="lf-input" maxLength={200} value={draft.reason} onChange={(event) => onChange({ reason: event.target.value })} /></div>}
      </>
    );
  }
  if (draft.field !== "value") return <div className="lf-field"><label htmlFor="edit-value">{name}</label><input className="lf-input" maxLength={draft.field === "country" ? 2 : draft.field === "source" ? 80 : 200} autoComplete="off" {...input} />{note}</div>;
  return (
    <div className="lf-pair">
      <div className="lf-field"><label htmlFor="edit-value">Value</label><input className="lf-input" inputMode="decimal" autoComplete="off" {...input} />{note}</div>
      <div className="lf-field"><label htmlFor="edit-currency">Currency</label><select id="edit-currency" className="lf-select" value={draft.currency} onChange={(event) => onChange({ currency: event.target.value })}>{CURRENCIES.map((each) => <option key={each}>{each}</option>)}</select></div>
    </div>
  );
}

function Preview({ preview, isLooking, nameOf }) {
  if (!preview) return <div aria-busy="true"><Skeleton shape="row" count={1} /></div>;
  return (
    <div className={`lf-reassign__preview ${isLooking ? "is-old" : ""}`} aria-busy={Boolean(isLooking)}>
      <p role="status">{summaryOf(preview, number)}</p>
      {preview.fields.filter((each) => each.changing && each.field !== "currency").map((each) => <p key={each.field} className="lf-help">{fromOf(each, (value) => nameOf(each.field, value), number)}</p>)}
    </div>
  );
}

function Form({ which, first, onClose, onDone }) {
  const me = useMe();
  const stages = useOnce("/stages")?.items ?? [];
  const fields = EDITABLE.filter((each) => sets(me, each.key));
  const [draft, setDraft] = useState({ field: first ?? fields[0].key, text: "", currency: "EUR", reason: "" });
  const [withClosed, setWithClosed] = useState(false);
  const [refusal, setRefusal] = useState(null);
  const [busy, setBusy] = useState(false);
  const change = changeOf(draft, toMinor);
  const body = change ? { ...which, change, with_closed: withClosed } : null;
  const { preview, error, isLooking } = usePreview("/leads/edit/preview", body);
  const wrong = refusal ?? error;
  const problem = wrong && (wrong.errors?.find((each) => each.field?.startsWith("change"))?.message ?? null);
  const isReady = preview?.changing > 0 && !isLooking && !busy && !error;
  const set = (some) => { setRefusal(null); setDraft((before) => ({ ...before, ...some })); };
  const nameOf = (field, value) => (field === "stage" ? stages.find((each) => each.key === value)?.name ?? value : field === "value" ? (value ? money(value, draft.currency).replace(/[^\d.,\s]/g, "").trim() : "") : value);
  const submit = async (event) => {
    event.preventDefault();
    if (!isReady) return;
    setBusy(true);
    try {
      tell(await rest("POST", "/leads/edit", body));
      onDone();
    } catch (failure) {
      setRefusal(failure);
      setBusy(false);
    }
  };
  return (
    <form data-begin className="lf-form" noValidate aria-busy={busy} onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}>
      {!first && <div className="lf-field"><label htmlFor="edit-field">Field</label><select id="edit-field" className="lf-select" value={draft.field} onChange={(event) => set({ field: event.target.value, text: "" })}>{fields.map((each) => <option key={each.key} value={each.key}>{each.label}</option>)}</select></div>}
      <Value draft={draft} stages={stages} problem={problem} onChange={set} />
      {(withClosed || preview?.closed > 0) && <label className="lf-check"><input type="checkbox" checked={withClosed} onChange={(event) => setWithClosed(event.target.checked)} /> Won and lost leads as well</label>}
      {wrong && !problem && <p className="lf-error lf-error--block" role="alert">{wrong.errors?.[0]?.message ?? wrong.message}</p>}
      {body && !error && <Preview preview={preview} isLooking={isLooking} nameOf={nameOf} />}
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={!isReady}>{preview?.changing > 0 && body ? `Change ${plural(preview.changing, "lead")}` : "Change"}</button>
      </div>
    </form>
  );
}

export function BulkEdit({ isOpen, which, first, heading, onClose, onDone }) {
  return <Dialog isOpen={isOpen} heading={heading} onClose={onClose}><Form which={which} first={first} onClose={onClose} onDone={onDone} /></Dialog>;
}
