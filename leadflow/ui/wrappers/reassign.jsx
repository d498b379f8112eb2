// Many leads at once: to whom they go, what that would mean, and back again.
import { useEffect, useRef, useState } from "react";
import { Avatar, Dialog, Failed, Skeleton, failed, number, plural, rest, toast } from "./kit.js";
import { PoolPicker } from "./pool_picker.jsx";
import { usePeopleAndTeams } from "./use_rules.js";
import { usePreview } from "./use_preview.js";
import "./assignment.css";
import "./reassign.css";

const UNDO_MS = 30_000;
const NOBODY = { people: [], teams: [], everybody: false };
const REASONS = { holiday: "Day off" };
// "absent" -> "Absent", "holiday: Christmas Day" -> "Holiday: Christmas Day"
const inWords = (reason) => REASONS[reason] ?? reason[0].toUpperCase() + reason.slice(1);

const stay = (count, one, many) => (count > 0 ? [`${number(count)} ${count === 1 ? one : many}`] : []);

function summary({ leads, moving, already, closed, refused, missing }) {
  const rest_ = [
    ...stay(already, "is theirs already", "are theirs already"), ...stay(closed, "is won or lost and stays", "are won or lost and stay"),
    ...stay(refused, "is not yours to change", "are not yours to change"), ...stay(missing, "is not there any more", "are not there any more"),
  ];
  const moves = moving === 0 ? "No lead changes hands" : `${moving === leads ? plural(moving, "lead") : `${number(moving)} of ${plural(leads, "lead")}`} ${moving === 1 ? "changes" : "change"} hands`;
  return `${[moves, ...rest_].join("; ")}.`;
}

function Taker({ each, loses }) {
  const givers = each.givers.map((giver) => `${number(giver.leads)} from ${giver.id ? giver.name : "nobody"}`).join(", ");
  return (
    <li className="lf-taker">
      <span aria-hidden="true"><Avatar person={each} /></span>
      <span className="lf-taker__name"><bdi className="lf-clip">{each.name}</bdi>{each.warning && <span className="lf-tag lf-tag--warn">{inWords(each.warning)}</span>}</span>
      <span className="lf-taker__gets lf-number">{each.gets ? `+${number(each.gets)}` : loses ? `−${number(loses)}` : "0"}</span>
      <span className="lf-taker__from lf-muted">{givers || (loses ? "Has more than the others now" : "Gets none")}</span>
      <span className="lf-taker__open lf-number lf-muted">{each.open_before === null ? "" : `${number(each.open_before)} → ${number(each.open_after)} open`}</span>
    </li>
  );
}

function Preview({ preview, isLooking }) {
  const losesOf = ({ id }) => preview.to.flatMap((each) => each.givers).filter((giver) => giver.id === id).reduce((sum, giver) => sum + giver.leads, 0);
  if (!preview) return <div aria-busy="true"><Skeleton shape="row" count={2} /></div>;
  return (
    <div className={`lf-reassign__preview ${isLooking ? "is-old" : ""}`} aria-busy={Boolean(isLooking)}>
      <p role="status">{summary(preview)}</p>
      <ul className="lf-takers" aria-label="Who gets how many">{preview.to.map((each) => <Taker key={each.id} each={each} loses={losesOf(each)} />)}</ul>
      {preview.passed_over.length > 0 && <p className="lf-help">{preview.passed_over.map((each) => `${each.name} gets none (${inWords(each.why)}).`).join(" ")}</p>}
    </div>
  );
}

async function takeBack(id) {
  try {
    const { returned, kept, remaining } = await rest("POST", `/leads/reassign/${id}/undo`);
    const stayed = kept ? ` ${number(kept)} stayed: assigned since then, or with nobody to go back to.` : "";
    toast(remaining ? `${plural(returned + remaining, "lead")} are going back.${stayed}` : `${plural(returned, "lead")} went back.${stayed}`);
  } catch (error) {
    failed("The leads were not taken back.", error);
  }
}

function tell({ id, leads, skipped, remaining }, takers) {
  if (!id) return toast("No lead had to change hands.");
  const getting = takers.filter((each) => each.gets > 0);
  const whom = getting.length === 1 ? getting[0].name : `${number(getting.length)} people`;
  const rest_ = `${remaining ? ` ${number(remaining)} of them follow in a moment.` : ""}${skipped ? ` ${number(skipped)} had just been changed, and stayed.` : ""}`;
  return toast(`${plural(leads - skipped, "lead")} reassigned to ${whom}.${rest_}`, { undo: () => takeBack(id), stays: UNDO_MS });
}

function Form({ which, onClose, onDone }) {
  const { names, error: noNames, reload } = usePeopleAndTeams();
  const [pool, setPool] = useState(NOBODY);
  const [withClosed, setWithClosed] = useState(false);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const form = useRef(null);
  useEffect(() => form.current?.querySelector("select")?.focus(), [Boolean(names)]);
  const isSaid = pool.everybody || pool.people.length + pool.teams.length > 0;
  const body = isSaid ? { ...which, to: pool, with_closed: withClosed } : null;
  const { preview, error, isLooking } = usePreview("/leads/reassign/preview", body);
  const wrong = problem ?? error;
  const errors = wrong?.errors ?? [];
  const elsewhere = wrong && !errors.some((each) => each.field?.startsWith("to"));
  const isReady = preview?.moving > 0 && !isLooking && !busy;
  const submit = async (event) => {
    event.preventDefault();
    if (!isReady) return;
    setBusy(true);
    setProblem(null);
    try {
      tell(await rest("POST", "/leads/reassign", body), preview.to);
      onDone();
    } catch (refusal) {
      setProblem(refusal);
      setBusy(false);
    }
  };
  if (noNames && !names) return <Failed what="People and teams could not be loaded." error={noNames} retry={reload} />;
  if (!names) return <Skeleton shape="row" count={3} />;
  return (
    <form ref={form} className="lf-form" noValidate aria-busy={busy} onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}>
      <PoolPicker pool={pool} names={names} label="Who takes them" path="to" errors={errors} onChange={(next) => { setProblem(null); setPool(next); }} />
      {(withClosed || preview?.closed > 0) && <label className="lf-check"><input type="checkbox" checked={withClosed} onChange={(event) => setWithClosed(event.target.checked)} /> Won and lost leads as well</label>}
      {elsewhere && <p className="lf-error lf-error--block" role="alert">{errors[0]?.message ?? wrong.message}</p>}
      {!isSaid && <p className="lf-help">Several people get the leads in turn, each as many as the others. A team brings those who sell in it and are there.</p>}
      {isSaid && !error && <Preview preview={preview} isLooking={isLooking} />}
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={!isReady}>{preview?.moving > 0 && isSaid ? `Reassign ${plural(preview.moving, "lead")}` : "Reassign"}</button>
      </div>
    </form>
  );
}

export function Reassign({ isOpen, which, heading, onClose, onDone }) {
  return <Dialog isOpen={isOpen} heading={heading} onClose={onClose}><Form which={which} onClose={onClose} onDone={onDone} /></Dialog>;
}
