// What makes a lead hot: rules as rows, tried on the log, then made live. Unsaved work survives a reload.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Failed, Icon, Skeleton, exactTime, number, useNow, when } from "./kit.js";
import { GoLive } from "./scoring_deploy.jsx";
import { Groups } from "./scoring_groups.jsx";
import { Numbers } from "./scoring_numbers.jsx";
import { Tried } from "./scoring_report.jsx";
import { isSame } from "./scoring_draft.js";
import { useBacktest, useScoring } from "./use_scoring.js";
import "./assignment.css";
import "./scoring.css";
import "./speed.css";
import "./work.css";

const ALWAYS = "Scores of open leads follow in the background, hot ones first. You can go back at any time.";

// Only the page scrolls: the frame around it stays where it is.
function show(id) {
  const [page, part] = [document.getElementById("main"), document.getElementById(id)];
  if (page && part) page.scrollTo({ top: page.scrollTop + part.getBoundingClientRect().top - page.getBoundingClientRect().top - 12, behavior: "smooth" });
}

function Live({ live }) {
  const now = useNow();
  const { rescoring } = live;
  const part = rescoring?.of ? rescoring.done / rescoring.of : undefined;
  return (
    <div className="lf-slive">
      <p className="lf-muted">
        {live.number === 0 ? "The rules that everybody starts with are live." : <>Version {live.number} is live, deployed <time title={exactTime(live.deployed_at)}>{when(live.deployed_at, now)}</time>{live.author && <> by <bdi>{live.author}</bdi></>}: <bdi>{live.reason}</bdi></>}
      </p>
      <p className="lf-muted">Beside the rules, “{live.model}” learns from outcomes. <Link className="lf-link" to="/scoring?tab=model">Models and how they do</Link></p>
      {rescoring && <div role="status" className="lf-slive__progress"><span className="lf-number">{part === undefined ? "Scores are about to follow." : `Scores are following: ${Math.floor(part * 100)} %, ${number(rescoring.changed)} changed so far.`}</span><progress className="lf-progress" value={part} aria-label="Scores that follow the rules" /></div>}
    </div>
  );
}

function Foot({ scoring, backtest, problems, onDeploy }) {
  const { isChanged, live, config, discard, toDefaults } = scoring;
  const line = problems ? `${number(problems)} ${problems === 1 ? "thing" : "things"} to put right; nothing was changed.` : isChanged ? "Your changes are not live yet." : "Nothing is changed.";
  return (
    <div className="lf-editor__foot">
      <p className={`lf-editor__line ${problems ? "lf-error" : ""}`} role="status">{line}</p>
      {!isSame(config, live.defaults) && <button type="button" className="lf-button lf-button--quiet" onClick={toDefaults}>Reset to defaults</button>}
      {isChanged && <button type="button" className="lf-button lf-button--quiet" onClick={discard}>Discard</button>}
      <button type="button" className="lf-button" disabled={backtest.isBusy} onClick={backtest.run}><Icon name="Timer" /> Try it on the last 90 days</button>
      <button type="button" className="lf-button lf-button--primary" disabled={!isChanged} onClick={onDeploy}>Deploy…</button>
    </div>
  );
}

export function ScoringRules() {
  const scoring = useScoring();
  const backtest = useBacktest(scoring.config);
  const [isDeploying, setDeploying] = useState(false);
  const [refused, setRefused] = useState([]);
  const form = useRef(null);
  useEffect(() => { if (backtest.error?.errors?.length) setRefused(backtest.error.errors); }, [backtest.error]);
  useEffect(() => { if (refused.length) form.current?.querySelector("[aria-invalid=true]")?.focus(); }, [refused]);
  const { test } = backtest;
  useEffect(() => { if (test?.report || backtest.isBusy) show("tried"); }, [Boolean(test?.report), backtest.isBusy]);

  const { live, draft, error, reload, basedOn, wasKept } = scoring;
  if (error) return <Failed what="The rules could not be loaded." error={error} retry={reload} />;
  if (!live || !draft) return <Skeleton shape="entry" count={8} />;
  const set = (part) => { setRefused([]); scoring.set(part); };
  const done = (now) => { setDeploying(false); setRefused([]); backtest.forget(); scoring.follow(now); };
  const fresh = () => { setRefused([]); backtest.forget(); scoring.discard(); };
  const { properties, $defs } = live.options;
  return (
    <div className="lf-scoring" ref={form}>
      <Live live={live} />
      {wasKept && scoring.isChanged && <p className="lf-notice">What you had not deployed is here again. <button type="button" className="lf-linkbutton" onClick={fresh}>Discard it</button></p>}
      {basedOn !== live.number && <p className="lf-notice" role="status">Version {live.number} went live since you began. <button type="button" className="lf-linkbutton" onClick={fresh}>Start from what is live</button></p>}
      <Groups draft={draft} known={live} errors={refused} set={set} />
      <Numbers heading="From score to band" help="Up at once, down only when clearly below: so that a lead does not flicker." properties={$defs.Thresholds.properties} values={draft.thresholds} path="thresholds" errors={refused} onChange={(thresholds) => set({ thresholds })} />
      <Numbers heading="Where a score begins, and how soon it learns" help={`With the first outcomes the score starts to learn who ${properties.goal.words[draft.plain.goal ?? live.config.goal].does}.`} properties={properties} values={draft.plain} path="" errors={refused} onChange={(plain) => set({ plain })} />
      <Tried backtest={backtest} />
      <Foot scoring={{ ...scoring, discard: fresh }} backtest={backtest} problems={refused.length} onDeploy={() => setDeploying(true)} />
      <GoLive
        isOpen={isDeploying} heading="Deploy these rules?" path="/scoring/deploy" body={{ config: scoring.config, based_on: basedOn }} verb="Deploy" about={ALWAYS} said={(now) => `Version ${now.number} is live.`} onDone={done}
        onStale={() => { setDeploying(false); backtest.forget(); scoring.begin(); }} onRefused={(errors) => { setDeploying(false); setRefused(errors); }} onClose={() => setDeploying(false)}
      />
    </div>
  );
}
