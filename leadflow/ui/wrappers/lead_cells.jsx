// What a cell of the lead list says, by column.
import { Link } from "react-router";
import { Avatar, Band, Countdown, Moved, ScoreBar, age, exactTime, isCounting, money, useNow, when, words } from "./kit.js";
import { countryName } from "./group_words.js";
import { Trail } from "./trail.jsx";

export const titleOf = (row) => row.name || row.email || "No name";

function Time({ at }) {
  const now = useNow();
  return at ? <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>{when(at, now)}</time> : <span className="lf-muted">–</span>;
}

const Nothing = () => <span className="lf-muted">–</span>;
const Text = ({ of }) => (of ? <bdi className="lf-clip" title={of}>{of}</bdi> : <Nothing />);

function Course({ row }) {
  const now = useNow();
  return <Trail trail={row.trail} score={row.score} since={row.captured_at} now={now} />;
}

function Age({ since }) {
  const now = useNow();
  return <span className="lf-number" title={`In this stage since ${exactTime(since)}`}>{age(since, now)}</span>;
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
  title: (row) => <Text of={row.title} />,
  email: (row) => <Text of={row.email} />,
  phone: (row) => <Text of={row.phone} />,
  domain: (row) => <Text of={row.domain} />,
  country: (row) => <Text of={row.country && countryName(row.country)} />,
  band: (row) => <Band band={row.band} heldUntil={row.held_until} />,
  trail: (row) => <Course row={row} />,
  stage_at: (row) => <Age since={row.stage_at} />,
  team: (row, names) => <Text of={names.teams.get(row.team)} />,
  touched_at: (row) => <Time at={row.touched_at} />,
  due_at: (row, names) => (isCounting(row, !names.closed.has(row.stage)) ? <Countdown lead={row} /> : <Nothing />),
  closed_at: (row) => <Time at={row.closed_at} />,
};
