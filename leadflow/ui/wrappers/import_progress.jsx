// How far the import is; it goes on when this page is closed.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { API, number, plural, rest } from "./kit.js";

const EVERY_MS = 500;
const ENDED = ["done", "completed", "finished", "failed", "cancelled"];
const countOf = (progress, ...keys) => keys.map((key) => progress?.[key]).find((value) => typeof value === "number") ?? 0;

function left(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 60) return `about ${Math.max(1, Math.round(seconds))} s left`;
  return `about ${Math.round(seconds / 60)} min left`;
}

export function Progress({ id, restart, onEnd }) {
  const [job, setJob] = useState(null);
  const [error, setError] = useState(null);
  const begun = useRef(Date.now());
  useEffect(() => {
    let timer = null;
    let stopped = false;
    const look = async () => {
      try {
        const now = await rest("GET", `/imports/${id}`);
        if (stopped) return;
        setError(null);
        setJob(now);
        if (ENDED.includes(now.status)) return onEnd(true);
      } catch (problem) {
        setError(problem);
      }
      if (!stopped) timer = setTimeout(look, EVERY_MS);
    };
    look();
    return () => { stopped = true; clearTimeout(timer); };
  }, [id]);

  const progress = typeof job?.progress === "object" ? job.progress : job;
  const done = countOf(progress, "done", "processed", "rows_done");
  const total = countOf(progress, "total", "rows", "rows_total");
  const seconds = (Date.now() - begun.current) / 1000;
  const rate = countOf(progress, "rate", "rows_per_second") || done / Math.max(0.5, seconds);
  const ended = ENDED.includes(job?.status);
  const didFail = job?.status === "failed";
  const rejected = countOf(job, "rejected", "invalid") || countOf(progress, "rejected", "invalid") || countOf(job?.summary, "invalid");
  const created = countOf(job, "created", "new") || countOf(progress, "created", "new") || countOf(job?.summary, "new");
  const joined = countOf(job, "joined", "existing") || countOf(progress, "joined", "existing") || countOf(job?.summary, "existing");

  return (
    <div className="lf-importing" aria-busy={!ended}>
      <p className="lf-importing__title" role="status">{didFail ? "The import stopped." : ended ? "The import is done." : "Importing"}</p>
      <progress className="lf-progress" max={total || 1} value={ended && !didFail ? total || 1 : done} aria-label="Import" />
      {!ended && <p className="lf-muted lf-number">{number(done)} of {number(total)} rows · {number(rate)} rows/s {total > done && rate > 0 && `· ${left((total - done) / rate)}`}</p>}
      {!ended && <p className="lf-help">You can leave this page; the import goes on.</p>}
      {ended && (
        <p className="lf-number">
          {plural(created, "lead")} created, {plural(joined, "row")} joined to leads you had{rejected ? `, ${plural(rejected, "row")} left out` : ""}.
        </p>
      )}
      {didFail && <p className="lf-error lf-error--block" role="alert">{job.error ?? "The server gave no reason."} Rows that were already imported stay.</p>}
      {error && <p className="lf-error" role="alert">{error.message} Trying again.</p>}
      {ended && (
        <div className="lf-actions lf-actions--start">
          <Link className="lf-button lf-button--primary" to="/leads?sort=-captured_at">Show the leads</Link>
          {rejected > 0 && <a className="lf-button" href={`${API}/imports/${id}/rejected.csv`} download>Download the rows left out</a>}
          <button type="button" className="lf-button lf-button--quiet" onClick={restart}>Import another file</button>
        </div>
      )}
    </div>
  );
}
