// What a cell of the lead list says, by column.
import { Link } from "react-router";
import { Avatar, Band, Moved, ScoreBar, exactTime, money, useNow, when, words } from "./kit.js";

export const titleOf = (row) => row.name || row.email || "No name";

function Time({ at }) {
  const now = useNow();
  return at ? <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>{when(at, now)}</time> : <span className="lf-muted">–</span>;
}

export const CELLS = {
  name: (row, names, tab) => (
    <Link className="lf-tr__link lf-clip" to={`/leads/${row.id}`} tabIndex={tab} dir="auto" title={titleOf(row)}>{titleOf(row)}</Link>
  ),
  company: (row) => (row.company ? <bdi className="lf-clip" title={row.company}>{row.company}</bdi> : <span className="lf-muted">–</span>),
  score: (row) => <><span className="lf-tr__score lf-number">{Math.round(row.score)}</span><ScoreBar score={row.score} band={row.band} /><Band band={row.band} heldUntil={row.held_until} /><Moved by={row.moved} /></>,
  stage: (row, names) => <span className="lf-clip">{names.stages.get(row.stage) ?? row.stage}</span>,
  owner: (row, names) => {
    const person = names.people.get(row.owner);
    return person ? <><Avatar person={person} /><span className="lf-clip">{person.name}</span></> : <span className="lf-muted">No owner</span>;
  },
  source: (row) => <span className="lf-clip">{words(row.source)}</span>,
  value: (row) => <span className="lf-number">{row.value ? money(row.value, row.currency) : <span className="lf-muted">–</span>}</span>,
  reason: (row) => <span className="lf-clip lf-muted" title={row.reason ?? undefined}>{row.reason}</span>,
  captured_at: (row) => <Time at={row.captured_at} />,
};
