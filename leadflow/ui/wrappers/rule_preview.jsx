// What a rule would have done while it is edited, and what stands in its way.
import { Skeleton } from "./kit.js";
import { sharesOf } from "./rule_draft.js";
import { Bar, PeopleShares, Unmatched, matchWords } from "./rule_shares.jsx";
import { sentence } from "./rule_words.js";

export const DAYS = 30;

// The rule above that takes whatever comes.
export const takesAll = (rules, place) => rules.slice(0, place).find((rule) => rule.is_on && !rule.conditions);

export function Sentence({ rule, names }) {
  const { when, then } = sentence(rule, names);
  return <><bdi>{when}</bdi> <span aria-hidden="true" className="lf-arrow">→</span><span className="lf-visually-hidden">, then: </span> <bdi>{then}</bdi></>;
}

export function trialLine({ trial, error }, share) {
  if (error) return error.status === 422 ? "Not complete yet. Once it is, this says what it would match." : `It could not be tried. ${error.message}`;
  if (!trial) return "Trying it on last month's leads…";
  return trial.leads ? `Would match ${matchWords(share, trial, DAYS)}` : "No lead came in last month to try it on.";
}

export function RulePreview({ rules, place, names, tried }) {
  const { trial, error, isOld } = tried;
  const share = sharesOf(rules, trial).get(rules[place]);
  const above = takesAll(rules, place);
  return (
    <aside className={`lf-card lf-card--padded lf-preview ${isOld ? "is-old" : ""}`} aria-label="What it would do">
      <h2>What it would do</h2>
      <p className="lf-preview__sentence"><Sentence rule={rules[place]} names={names} /></p>
      {!trial && !error && <Skeleton count={4} />}
      {error && <p className="lf-muted">{trialLine(tried)}</p>}
      {trial && !error && (
        <>
          <p className="lf-preview__figure">Would match <strong className="lf-number">{matchWords(share, trial, DAYS)}</strong></p>
          <Bar part={share?.matched ?? 0} whole={trial.leads} />
          {above && share?.matched === 0 && <p className="lf-warn lf-preview__note">“{above.name}” stands above and takes every lead, so this one is never asked. Move it up.</p>}
          {share?.people.length > 0 && <PeopleShares people={share.people} strategy={rules[place].strategy} label="Who would get how many" />}
          <div className="lf-preview__rest"><Unmatched trial={trial} days={DAYS} hasRules /></div>
        </>
      )}
    </aside>
  );
}
