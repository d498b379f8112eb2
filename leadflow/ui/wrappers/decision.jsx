// One decision of routing: to whom, by which rule, and every candidate with why not or how they stood.
import { Avatar, exactTime, plural } from "./kit.js";
import { howWords } from "./rule_words.js";
import "./assignment.css";

const rank = (each, chosen) => (each.id === chosen ? 0 : each.out ? 2 : 1);
const nameOf = (candidate) => candidate?.name || "Somebody who has left";

export function decisionWords({ chosen, candidates, how, rule_name: rule }) {
  if (chosen) return `${nameOf(candidates.find((each) => each.id === chosen))}: ${howWords(how)}`;
  return rule ? "Nobody could take it" : "No rule was about it";
}

export function Candidates({ candidates, chosen }) {
  const ordered = [...candidates].sort((one, other) => rank(one, chosen) - rank(other, chosen) || nameOf(one).localeCompare(nameOf(other)));
  const out = candidates.filter((each) => each.out).length;
  return (
    <div className="lf-candidates" tabIndex={0} role="region" aria-label={`${plural(candidates.length, "candidate")}, ${out} of them not to be chosen`}>
      <table>
        <thead><tr><th scope="col">Candidate</th><th scope="col">Why</th></tr></thead>
        <tbody>
          {ordered.map((each) => (
            <tr key={each.id} className={each.out ? "is-out" : ""}>
              <th scope="row"><span className="lf-candidates__who"><span aria-hidden="true"><Avatar person={{ id: each.id, name: each.name }} /></span><bdi className="lf-clip">{nameOf(each)}</bdi>{each.id === chosen && <span className="lf-tag lf-tag--ok">Chosen</span>}</span></th>
              <td>{each.said}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Decision({ decision, title, aside }) {
  const { chosen, candidates, rule_name: rule, returned_at: returned, retry_at: again } = decision;
  return (
    <article className="lf-decision">
      <header className="lf-decision__head">
        <h3 className={`lf-decision__title ${chosen ? "" : "lf-warn"}`}><bdi>{title ?? decisionWords(decision)}</bdi></h3>
        {aside}
      </header>
      <p className="lf-muted">
        {rule ? <>By the rule <bdi>“{rule}”</bdi></> : "Each rule was asked, and none was about this lead"}
        {returned ? `, turn given back ${exactTime(returned)}` : ""}{again ? `, somebody is back ${exactTime(again)}` : ""}.
      </p>
      {candidates.length > 0 ? <Candidates candidates={candidates} chosen={chosen} /> : rule && <p className="lf-muted">Nobody is among those whom the rule names.</p>}
    </article>
  );
}
