// Which kinds of notifications I want, in the settings.
import { useState } from "react";
import { Failed, Skeleton, failed, rest, useRest } from "./kit.js";
import "./assignment.css";
import "./notices.css";

export function NoticeWishes() {
  const { data, error, reload } = useRest("/notifications/preferences");
  const [said, setSaid] = useState({});
  if (error) return <Failed what="Your choices could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="row" count={6} />;
  const isOn = (each) => said[each.kind] ?? each.in_app;
  const toggle = async (each) => {
    const wanted = !isOn(each);
    setSaid((before) => ({ ...before, [each.kind]: wanted }));
    try {
      await rest("PUT", "/notifications/preferences", { kind: each.kind, in_app: wanted });
    } catch (problem) {
      setSaid((before) => ({ ...before, [each.kind]: !wanted }));
      failed("Your choice was not saved.", problem);
    }
  };
  return (
    <table className="lf-wishes">
      <thead><tr><th scope="col">What happens</th><th scope="col">In the app</th></tr></thead>
      <tbody>
        {data.items.map((each) => (
          <tr key={each.kind}>
            <th scope="row"><span id={`wish-${each.kind}`}>{each.label}</span><span className="lf-muted" id={`wish-${each.kind}-help`}>{each.help}</span></th>
            <td><button type="button" className="lf-switch" role="switch" aria-checked={isOn(each)} aria-labelledby={`wish-${each.kind}`} aria-describedby={`wish-${each.kind}-help`} onClick={() => toggle(each)}><span /></button></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
