// A quiet line for whoever has not confirmed their address; gone once they have, or when they close it.
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { Icon, may, rest, useMe } from "./kit.js";

const closedBy = (account) => `lf.address.${account.id}`;

function Ask({ me, onConfirmed, onClose }) {
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const { pathname } = useLocation();
  // The link opens in a tab of its own: this one hears of it when somebody comes back, or goes on.
  useEffect(() => {
    const look = () => document.hidden || rest("GET", "/me").then((now) => now.account?.email_verified && onConfirmed(), () => {});
    look();
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => { removeEventListener("focus", look); document.removeEventListener("visibilitychange", look); };
  }, [pathname]);
  const again = async () => {
    setBusy(true);
    try {
      const { email_verified: isConfirmed } = await rest("POST", "/me/verification");
      if (isConfirmed) return onConfirmed();
      setSaid("A new link is on its way.");
    } catch (error) {
      setSaid(`No new link was sent. ${error.message}`);
    }
    setBusy(false);
  };
  return (
    <div className="lf-address" role="region" aria-label="Confirm your address">
      <Icon name="Mail" />
      <p>
        Confirm your address: follow the link in the mail to <strong>{me.account.email}</strong>. <span role="status">{said}</span>
        {me.mail === "caught" && may(me, "settings.manage") && <> <a className="lf-link" href="/mail-catcher">Open the mail catcher</a></>}
      </p>
      <button type="button" className="lf-button lf-button--small" disabled={busy} onClick={again}>Send the link again</button>
      <button type="button" className="lf-button lf-button--quiet lf-button--icon lf-button--small" aria-label="Hide for now" title="Hide for now" onClick={onClose}><Icon name="X" size={14} /></button>
    </div>
  );
}

export function AddressBar() {
  const me = useMe();
  const [isGone, setGone] = useState(false);
  const account = me?.account;
  if (!account || account.email_verified || me.mail === "none" || isGone || sessionStorage.getItem(closedBy(account))) return null;
  const close = () => { sessionStorage.setItem(closedBy(account), "1"); setGone(true); };
  return <Ask me={me} onConfirmed={() => setGone(true)} onClose={close} />;
}
