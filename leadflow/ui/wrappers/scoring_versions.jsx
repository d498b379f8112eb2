// Every version of the rules there was: by whom, why, what it changed, and the way back to it.
import { useEffect, useState } from "react";
import { Failed, Skeleton, exactTime, query, rest, useNow, useRest, when } from "./kit.js";
import { GoLive } from "./scoring_deploy.jsx";
import "./scoring.css";
import "./work.css";

const PAGE = 20;
const pathOf = (cursor) => `/scoring/versions${query({ cursor, limit: PAGE })}`;

function Version({ version, now, onBack }) {
  const { number, author, reason, restores, deployed_at: at, is_live: isLive, changes } = version;
  return (
    <li className="lf-rows__row lf-sversion" aria-label={`Version ${number}`}>
      <div className="lf-rows__main">
        <span className="lf-rows__title">Version {number}{isLive && <span className="lf-tag lf-tag--ok">Live</span>}{restores !== null && <span className="lf-tag">Back to {restores}</span>}</span>
        {number === 0 ? <span className="lf-muted">The rules that everybody starts with.</span> : <span><bdi>{reason}</bdi> <span className="lf-muted">· <bdi>{author ?? "Somebody who is no longer here"}</bdi> · <time title={exactTime(at)}>{when(at, now)}</time></span></span>}
        {changes.length > 0 && <ul className="lf-sversion__changes lf-muted">{changes.map((each, place) => <li key={place}><bdi>{each}</bdi></li>)}</ul>}
      </div>
      {!isLive && <button type="button" className="lf-button lf-button--small" aria-label={`Go back to version ${number}`} onClick={() => onBack(version)}>Go back to this</button>}
    </li>
  );
}

export function ScoringVersions() {
  const now = useNow();
  const { data, error, reload } = useRest(pathOf());
  const [older, setOlder] = useState({ items: [], cursor: undefined, error: null, busy: false });
  const [asked, setAsked] = useState(null);
  useEffect(() => { setOlder({ items: [], cursor: undefined, error: null, busy: false }); }, [data]);
  if (error && !data) return <Failed what="The history could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="entry" count={4} />;
  const items = [...data.items, ...older.items];
  const cursor = older.cursor === undefined ? data.next_cursor : older.cursor;
  const live = items.find((each) => each.is_live)?.number ?? 0;
  const more = async () => {
    setOlder((before) => ({ ...before, busy: true, error: null }));
    try {
      const page = await rest("GET", pathOf(cursor));
      setOlder((before) => ({ items: [...before.items, ...page.items], cursor: page.next_cursor, error: null, busy: false }));
    } catch (problem) {
      setOlder((before) => ({ ...before, error: problem, busy: false }));
    }
  };
  const close = () => setAsked(null);
  const again = () => { close(); reload(); };
  return (
    <div className="lf-scoring">
      {items.length === 1 && <p className="lf-muted">Nobody has changed the rules yet. Each version that goes live is listed here, with who did it and why.</p>}
      <ul className="lf-rows" aria-label="Versions, newest first">{items.map((each) => <Version key={each.number} version={each} now={now} onBack={setAsked} />)}</ul>
      {older.error && <Failed what="Older versions could not be loaded." error={older.error} retry={more} />}
      {cursor && !older.error && <div><button type="button" className="lf-button" disabled={older.busy} onClick={more}>Show older ones</button></div>}
      <GoLive
        isOpen={Boolean(asked)} heading={`Go back to version ${asked?.number}?`} path="/scoring/rollback" body={{ number: asked?.number, based_on: live }} verb={`Go back to version ${asked?.number}`}
        about="It goes live as a new version; nothing of the history is lost. Scores of open leads follow in the background, hot ones first." said={(done) => `The rules of version ${asked.number} are live again, as version ${done.number}.`} onDone={again} onStale={again} onClose={close}
      />
    </div>
  );
}
