// What would lift the lead into the next band, and what is worth finding out about it: asked of the scorer itself.
import { useEffect, useState } from "react";
import { useLead } from "./lead_store.js";
import { Skeleton, number, plural, rest, useMedia } from "./kit.js";

const PAUSE_MS = 300;
const BY = { hand: "", form: "Ask for it in a form", lookup: "It is looked up with the e-mail address" };

// Asked anew when the score or a fact may have changed, once it has been quiet for a moment.
function useOutlook(id, beat) {
  const [state, setState] = useState({ id: null, outlook: null, error: null });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const asked = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setState({ id, outlook: await rest("GET", `/leads/${id}/score/whatif`, undefined, { signal: asked.signal }), error: null });
      } catch (error) {
        if (error.name !== "AbortError") setState((before) => ({ ...before, id, error }));
      }
    }, PAUSE_MS);
    return () => { clearTimeout(timer); asked.abort(); };
  }, [id, beat, tries]);
  return { ...(state.id === id ? state : { outlook: null, error: null }), retry: () => setTries((before) => before + 1) };
}

function Section({ title, children }) {
  const isWide = useMedia("(min-width: 768px)");
  return <details className="lf-why lf-outlook" open={isWide}><summary>{title}</summary>{children}</details>;
}

function Ways({ target, ways, nearest, held }) {
  if (ways.length === 0) {
    return (
      <p className="lf-muted">
        Nothing within reach would make it {target}.
        {nearest && <> {nearest.changes.join(", ")}: that would bring it to {nearest.score}.</>}
      </p>
    );
  }
  return (
    <>
      <ul className="lf-outlook__list">
        {ways.map((way) => <li key={way.says}><span>{way.says}</span><span className="lf-outlook__points lf-number">+{way.lift}</span></li>)}
      </ul>
      {held && <p className="lf-help">By its score, that is: it is held as {held} until then.</p>}
    </>
  );
}

function rare(chance) {
  if (chance < 0.005) return "";
  if (chance > 0.995) return ", and the band would change";
  return `, and the band would change in ${Math.round(chance * 100)} of 100 cases`;
}

function Finding({ label, points, chance, leads, by }) {
  return (
    <li>
      <span>{label}<small className="lf-muted">{[BY[by], `as with ${plural(leads, "lead")} of yours`].filter(Boolean).join("; ").replace(/^a/, "A")}</small></span>
      <span className="lf-outlook__points lf-number" title={`The score would move by ${points.toFixed(1)} points on average${rare(chance)}`}>
        ±{points < 10 ? points.toFixed(1) : number(points)}
        {chance >= 0.005 && <small className="lf-muted">{Math.round(chance * 100)}% another band</small>}
      </span>
    </li>
  );
}

export function Outlook() {
  const { id, lead, beat } = useLead();
  const { outlook, error, retry } = useOutlook(id, beat);
  if (lead.outcome) return null;
  if (!outlook && error) return <p className="lf-help" role="alert">What would lift it could not be worked out. <button type="button" className="lf-link" onClick={retry}>Try again</button></p>;
  if (!outlook) return <div aria-busy="true"><Skeleton count={2} /></div>;
  return (
    <>
      {outlook.target && (
        <Section title={`What would make it ${outlook.target}`}>
          <Ways {...outlook} held={lead.held_until ? lead.band : ""} />
        </Section>
      )}
      {outlook.worth.length > 0 && (
        <Section title="Worth finding out">
          <ul className="lf-outlook__list">{outlook.worth.map((each) => <Finding key={each.label} {...each} />)}</ul>
          <p className="lf-help">By how many points the score would move on average, either way.</p>
        </Section>
      )}
    </>
  );
}
