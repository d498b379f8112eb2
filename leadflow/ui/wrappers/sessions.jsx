// Where this person is signed in, and how to end it.
import { useState } from "react";
import { Failed, Skeleton, asTime, exactTime, failed, rest, toLogin, toast, useNow, useRest, when } from "./kit.js";
import "./work.css";

const listOf = (answer) => (Array.isArray(answer) ? answer : answer?.items ?? answer?.sessions ?? []);

function device(agent) {
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : null;
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Mac OS/.test(agent) ? "macOS" : /Windows/.test(agent) ? "Windows" : /Linux/.test(agent) ? "Linux" : null;
  return [browser, system].filter(Boolean).join(" on ") || agent || "Unknown device";
}

export function Sessions() {
  const { data, error, reload } = useRest("/sessions");
  const [gone, setGone] = useState([]);
  const now = useNow();
  if (error) return <Failed what="Your sessions could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="row" count={3} />;
  const revoke = async (session) => {
    setGone((before) => [...before, session.id]);
    try {
      await rest("DELETE", `/sessions/${session.id}`);
      if (session.current) return toLogin();
      toast("Session ended.");
    } catch (problem) {
      setGone((before) => before.filter((id) => id !== session.id));
      failed("The session was not ended.", problem);
    }
  };
  return (
    <ul className="lf-rows" aria-label="Sessions">
      {listOf(data).filter((session) => !gone.includes(session.id)).map((session) => {
        const agent = session.user_agent ?? session.device ?? "";
        const seen = asTime(session.last_seen_at ?? session.seen_at ?? session.created_at);
        return (
          <li key={session.id} className="lf-rows__row">
            <div className="lf-rows__main">
              <span className="lf-rows__title" title={agent}>{device(agent)}{session.current && <span className="lf-tag lf-tag--ok">This one</span>}</span>
              <span className="lf-muted" title={seen ? exactTime(seen) : undefined}>{[session.ip, seen && `last used ${when(seen, now)}`].filter(Boolean).join(" · ")}</span>
            </div>
            <button type="button" className="lf-button lf-button--small lf-button--danger" onClick={() => revoke(session)}>{session.current ? "Log out" : "End session"}</button>
          </li>
        );
      })}
    </ul>
  );
}
