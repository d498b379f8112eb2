// How many leads a rule would have had, and who would have got them, as small bars.
import { number, plural } from "./kit.js";
import { lastDays } from "./rule_words.js";

export function Bar({ part, whole }) {
  return <span className="lf-scorebar" aria-hidden="true"><span style={{ transform: `scaleX(${whole ? part / whole : 0})` }} /></span>;
}

// What is offered is nobody's until somebody takes it, which no trial can tell.
const OFFERING = ["pond", "first_to_claim"];
export const isOffering = (strategy) => OFFERING.includes(strategy);

export function PeopleShares({ people, label, strategy }) {
  const most = Math.max(1, ...people.map((each) => each.leads));
  return (
    <ul className="lf-shares" aria-label={label}>
      {people.map((each) => (
        <li key={each.person ?? "nobody"} className={`lf-shares__row ${each.person || isOffering(strategy) ? "" : "is-waiting"}`}>
          <span className="lf-clip"><bdi>{each.person ? each.name || "Somebody who has left" : isOffering(strategy) ? "Would be offered to all of them" : "Would wait for somebody"}</bdi></span>
          <span className="lf-number">{number(each.leads)}</span>
          <Bar part={each.leads} whole={most} />
        </li>
      ))}
    </ul>
  );
}

export const matchWords = (share, trial, days) => `${number(share?.matched ?? 0)} of ${lastDays(trial, days)}`;

// What nothing matches, said at the end.
export function Unmatched({ trial, days, hasRules }) {
  if (trial.leads === 0) return <p className="lf-muted">No lead came in during {days === 7 ? "the last week" : "the last month"}, so there is nothing to try the rules on yet.</p>;
  if (trial.unmatched === 0) return <p className="lf-muted">{hasRules ? `Each of ${lastDays(trial, days)} leads matches a rule.` : `Each of ${lastDays(trial, days)} leads is taken in turn.`}</p>;
  return <p><strong className="lf-number">{plural(trial.unmatched, "lead")}</strong> of {lastDays(trial, days)} {trial.unmatched === 1 ? "matches no rule and waits" : "match no rule and wait"}.</p>;
}
