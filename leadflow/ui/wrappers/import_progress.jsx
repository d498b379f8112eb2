// How far the import is; it goes on when this page is closed.
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { API, number, plural, rest } from "./kit.js";

const EVERY_MS = 500;
const ENDED = ["done", "failed"];

function left(seconds) {
  if (seconds < 60) return `about ${Math.max(1, Math.round(seconds))} s left`;
  return `about ${Math.round(seconds / 60)} min left`;
}

export function Progress({ id, restart, onEnd }) {
  const [job, setJob] = useState(null);
  const [error, setError] = useState(null);
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

  const { status = "queued", rows = 0, rows_done: done = 0, rate = 0, eta_s: eta, created = 0, joined = 0, rejected = 0 } = job ?? {};
  const ended = ENDED.includes(status);
  const didFail = status === "failed";

  return (
    <div className="lf-importing" aria-busy={!ended}>
      <p className="lf-importing__title" role="status">{didFail ? "The import stopped." : ended ? "The import is done." : "Importing"}</p>
      <progress className="lf-progress" max={rows || 1} value={ended && !didFail ? rows || 1 : done} aria-label="Import" />
      {!ended && <p className="lf-muted lf-number">{number(done)} of {number(rows)} rows{rate > 0 && ` · ${number(rate)} rows/s`}{eta != null && ` · ${left(eta)}`}</p>}
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
