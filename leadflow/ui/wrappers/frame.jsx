// What the frame knows about this person and this connection; the frame itself is drawn in Python.
import { useEffect, useState } from "react";
import { useOnce } from "./rest.js";
import { subscribe, useLiveStatus, wake } from "./live.js";
import { Avatar, Empty } from "./parts.jsx";
import { Icon } from "./icons.jsx";

export const useMe = () => useOnce("/me");
export const may = (me, permission) => Boolean(me?.permissions?.includes(permission));
// Fields of leads that this person is not told of, and those that they may not set.
export const sees = (me, field) => !me?.hidden_fields?.includes(field);
export const sets = (me, field) => !me?.locked_fields?.includes(field === "currency" ? "value" : field);

// Shows its children to those who hold the permission, and a sentence to others; the server decides again.
export function Allowed({ permission, otherwise, children }) {
  const me = useMe();
  if (may(me, permission)) return children;
  return me && otherwise ? <Empty title={otherwise} /> : null;
}

// The other way round: for those who have a better way to the same.
export function Otherwise({ permission, children }) {
  const me = useMe();
  return me && !may(me, permission) ? children : null;
}

export function Me({ field }) {
  const me = useMe();
  if (!me) return <span className="lf-skeleton lf-skeleton--line" style={{ width: 96 }} aria-hidden="true" />;
  if (field === "avatar") return <Avatar person={{ id: me.account.id, name: me.account.name }} size={26} />;
  const [part, key] = field.split(".");
  return <span className="lf-clip">{key ? me[part]?.[key] : me[part]}</span>;
}

// A form that the browser sends itself: there it is another session, so every socket opens anew.
export function Organizations() {
  const me = useMe();
  const others = me?.organizations?.filter((each) => each.id !== me.organization.id) ?? [];
  if (others.length === 0) return null;
  return (
    <form method="post" action="/switch" aria-label="Switch organization">
      {others.map((each) => (
        <button key={each.id} type="submit" name="organization" value={each.id} className="lf-menu__item"><Icon name="Building" size={14} /><span className="lf-clip">{each.name}</span></button>
      ))}
    </form>
  );
}

const LONG_MS = 2_500;
const WORDS = {
  connecting: ["Connecting", "Connecting to the live feed."],
  live: ["Live", "Every change appears here as it happens."],
  catching_up: ["Catching up", "Connected again; what you missed is arriving."],
  offline: ["Offline", "Not connected. Trying again by itself; what you see may be old."],
};

// Keeps the connection open on pages without a live view of their own, so that the dot tells the truth.
export function Connection() {
  const status = useLiveStatus();
  useEffect(() => subscribe({ view: "kpis" }, {}), []);
  const [word, explanation] = WORDS[status];
  return (
    <span className={`lf-live lf-live--${status}`} role="status" title={explanation}>
      <span className="lf-live__dot" aria-hidden="true" />
      <span className="lf-live__word">{word}</span>
    </span>
  );
}

// A blink of the network is no news; only what lasts is told in full width.
export function ConnectionBar() {
  const isOffline = useLiveStatus() === "offline";
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isOffline) return setLong(false);
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, [isOffline]);
  if (!isLong) return null;
  return (
    <div className="lf-offline">
      <span>Not connected. What you see may be old; changes of leads and notes are kept here until it is back.</span>
      <button type="button" className="lf-button lf-button--small" onClick={wake}><Icon name="Reload" size={14} /> Connect now</button>
    </div>
  );
}
