// What stands beside a value that is not on the server yet.
import { NOT_SAVED } from "./edits.js";
import { Icon } from "./icons.jsx";
import "./unsaved.css";

export function NotSaved({ entry, isBrief = false }) {
  if (entry?.state !== "waiting") return null;
  if (isBrief) return <span className="lf-unsaved" role="img" aria-label={NOT_SAVED} title={`${NOT_SAVED}.`}><Icon name="Timer" size={14} /></span>;
  return <span className="lf-unsaved" role="status"><Icon name="Timer" size={14} /> {NOT_SAVED}</span>;
}
