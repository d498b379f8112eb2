// The rules as they are, tried on the leads of the last days, and on one lead as if it came in now.
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { Decision, decisionWords } from "./decision.jsx";
import { FindLead } from "./find_lead.jsx";
import { Failed, Skeleton, rest, useUrl } from "./kit.js";
import { sharesOf } from "./rule_draft.js";
import { Sentence } from "./rule_preview.jsx";
import { Bar, PeopleShares, Unmatched, matchWords } from "./rule_shares.jsx";
import { usePeopleAndTeams, useRules, useTrial } from "./use_rules.js";
import "./assignment.css";
import "./people.css";

const SPANS = [{ days: 7, label: "Last 7 days" }, { days: 30, label: "Last 30 days" }];
const MOST = 10_000;

function Span({ days, onPick }) {
  return (
    <div className="lf-segments" role="group" aria-label="Leads of">
      {SPANS.map((each) => <button key={each.days} type="button" className="lf-segment" aria-pressed={each.days === days} onClick={() => onPick(each.days)}>{each.label}</button>)}
    </div>
  );
}

function Tried({ title, rule, names, share, trial, days }) {
  return (
    <li className="lf-tried">
      <div className="lf-tried__said"><h2 className="lf-tried__name"><bdi>{title}</bdi></h2>{rule && <p className="lf-rule__sentence"><Sentence rule={rule} names={names} /></p>}<p className="lf-tried__count lf-number">{matchWords(share, trial, days)}</p><Bar part={share.matched} whole={trial.leads} /></div>
      {share.people.length > 0 ? <PeopleShares people={share.people} strategy={rule?.strategy} label={`Who would get leads of ${title}`} /> : <p className="lf-muted">Nobody would have got a lead from it.</p>}
    </li>
  );
}

function OneLead() {
  const [lead, setLead] = useState(null);
  const [state, setState] = useState({});
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (!lead) return undefined;
    const controller = new AbortController();
    setState({});
    const signal = { signal: controller.signal };
    Promise.all([rest("POST", `/assignment-rules/dry-run/${lead.id}`, undefined, signal), rest("GET", `/leads/${lead.id}`, undefined, signal)]).then(
      ([decision, { lead: known }]) => setState({ decision, known }), (error) => error.name === "AbortError" || setState({ error }),
    );
    return () => controller.abort();
  }, [lead, count]);
  const { decision, known, error } = state;
  const name = known?.name || known?.email || "The lead";
  return (
    <section className="lf-onelead" aria-label="One lead">
      <h2 className="lf-heading">One lead</h2>
      <p className="lf-muted">Whom would the rules choose if it came in now, and why nobody else? Nothing is changed.</p>
      <FindLead label="A lead to try" onPick={setLead} />
      {error && (error.status === 404 ? <p className="lf-error" role="alert">There is no such lead here, or you do not see it.</p> : <Failed what="The lead could not be tried." error={error} retry={() => setCount(count + 1)} />)}
      {lead && !decision && !error && <Skeleton shape="row" count={3} />}
      {decision && <div className="lf-card lf-card--padded" role="status"><Decision decision={decision} title={decision.chosen ? `${name} → ${decisionWords(decision)}` : `${name}: ${decision.rule_name ? "nobody could take it" : "no rule is about it"}`} aside={<Link className="lf-link" to={`/leads/${lead.id}`}>Open the lead</Link>} /></div>}
    </section>
  );
}

export function RuleTrial() {
  const rules = useRules();
  const { names: known, error: namesError, reload: loadNames } = usePeopleAndTeams();
  const [url, setUrl] = useUrl();
  const days = url.get("days") === "30" ? 30 : 7;
  const { trial, error: untried, isOld, retry } = useTrial(rules.rows, days);
  const [asked, setAsked] = useState(days);
  useEffect(() => { if (!isOld) setAsked(days); }, [isOld, days]);
  const error = rules.error ?? namesError ?? (untried && untried.status !== 422 ? untried : null);
  if (error) return <Failed what="The rules could not be tried." error={error} retry={() => { rules.reload(); loadNames(); retry(); }} />;
  if (!rules.rows || !known || (!trial && !untried)) return <Skeleton shape="entry" count={5} />;

  const names = { ...known, strategies: rules.strategies };
  const on = rules.rows.filter((rule) => rule.is_on);
  const shares = sharesOf(on, trial);
  const people = untried ? [] : totals(trial);
  return (
    <div className="lf-people">
      <div className="lf-people__bar"><p className="lf-muted">Who would have got which leads by the rules as they are, with everybody starting level.</p><Span days={days} onPick={(to) => setUrl({ days: to === 7 ? "" : String(to) })} /></div>
      {untried ? <p className="lf-warn" role="alert">A rule cannot be tried: {untried.errors[0]?.message ?? untried.message} Put it right under Rules.</p> : (
        <div className={isOld ? "is-old" : ""}>
          <ol className="lf-rules" aria-label="Rules, tried">
            {on.length === 0 && <Tried title="Everybody in turn" share={trial.rules[0]} trial={trial} days={asked} names={names} />}
            {on.map((rule) => <Tried key={rule.id} title={rule.name} rule={rule} names={names} share={shares.get(rule) ?? { matched: 0, people: [] }} trial={trial} days={asked} />)}
          </ol>
          <div className="lf-rules__end" role="status">
            <Unmatched trial={trial} days={asked} hasRules={on.length > 0} />
            {trial.leads >= MOST && <p className="lf-muted">More came in; the latest 10,000 were tried.</p>}
          </div>
          {on.length > 1 && people.length > 0 && <section className="lf-tried lf-tried--all" aria-label="All rules together"><h2 className="lf-heading">All rules together</h2><PeopleShares people={people} label="Who would get how many in all" /></section>}
        </div>
      )}
      <OneLead />
    </div>
  );
}

function totals(trial) {
  const sums = new Map();
  for (const each of trial.rules.flatMap((rule) => rule.people)) sums.set(each.person, { ...each, leads: each.leads + (sums.get(each.person)?.leads ?? 0) });
  return [...sums.values()].sort((one, other) => other.leads - one.leads);
}
