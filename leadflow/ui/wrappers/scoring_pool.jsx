// The pool: whether what leads of this organization have shown is lent to others, and theirs to it.
import { useEffect, useId, useState } from "react";
import { Failed, Skeleton, exactTime, failed, number, plural, rest, toast, useNow, useRest, when } from "./kit.js";
import "./assignment.css";
import "./model.css";
import "./scoring.css";

const PATH = "/scoring/pool";

function Rests({ pool }) {
  const now = useNow();
  if (!pool.joined) return null;
  if (!pool.at) return <p className="lf-muted" role="status">Nothing has come from the others yet. It is looked for every night, and takes three others with the same goal as yours, each with ten leads that have reached it and ten that have not.</p>;
  return <p className="lf-muted lf-number" role="status">What the others have in common was last learned <time title={exactTime(pool.at)}>{when(pool.at, now)}</time>, from {plural(pool.leads, "lead")} of {number(pool.organizations)} organizations.</p>;
}

export function ScoringPool() {
  const { data, error, reload } = useRest(PATH);
  const [pool, setPool] = useState(null);
  const [busy, setBusy] = useState(false);
  const label = useId();
  const about = useId();
  useEffect(() => { if (data) setPool(data); }, [data]);
  if (error && !pool) return <Failed what="It could not be looked up whether you take part." error={error} retry={reload} />;
  if (!pool) return <Skeleton shape="entry" count={1} />;
  const toggle = async () => {
    setBusy(true);
    try {
      const next = await rest("PUT", PATH, { joined: !pool.joined });
      setPool(next);
      toast(next.joined ? "You take part from tonight on." : "You take no part any more. Nothing more is given or taken.");
    } catch (problem) {
      failed("Nothing was changed.", problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="lf-sgroup" aria-label="Learning with others">
      <div className="lf-sgroup__head"><div><h2 className="lf-heading">Learning with others</h2><p className="lf-muted">Who has few outcomes yet can lean on what leads of other organizations here have in common. It speaks in “Mix with a pooled prior” alone, while that model scores or is tried.</p></div></div>
      <div className="lf-mtrust">
        <div className="lf-mtrust__wish">
          <button type="button" className="lf-switch" role="switch" aria-checked={pool.joined} aria-labelledby={label} aria-describedby={about} disabled={busy} onClick={toggle}><span /></button>
          <span id={label}>Take part: give to others, and get from them</span>
        </div>
        <p id={about} className="lf-muted">Used for others: how up to 400 of your newest leads ended, and what they had that leads of at least three organizations have, such as a source, a country, a seniority, a rough size of the deal or something they did. Never used: names, addresses, phone numbers, companies, texts, exact amounts and your own fields. Nobody is told which organization or which lead anything comes from.</p>
        <Rests pool={pool} />
      </div>
    </section>
  );
}
