// Models: the one that scores, those tried in its shadow and how they do, and the others there are.
import { useEffect, useState } from "react";
import { Failed, Skeleton, failed, number, plural, rest, toast, useRest } from "./kit.js";
import { GoLive } from "./scoring_deploy.jsx";
import "./scoring.css";
import "./work.css";

const PATH = "/scoring/models";
const LOOKS_MS = 2_000;
const TAGS = { champion: ["Scores now", "lf-tag--ok"], challenger: ["Tried in the background", ""], learning: ["Learning from your history", ""] };

const odds = (doubt) => `1 in ${number(Math.min(Math.floor(1 / doubt), 1_000_000))}`;
const loss = (gain) => Math.abs(gain).toFixed(4);

function Standing({ model, words }) {
  const { place, verdict, outcomes, gain, doubt } = model;
  if (place === "learning") return <p role="status">It reads what has happened so far, from the first event on. Nothing is scored by it. <progress className="lf-progress" aria-label={`${model.title} is learning`} /></p>;
  if (place !== "challenger") return null;
  const about = <span className="lf-muted lf-number">Log-loss {loss(gain)} {gain >= 0 ? "lower" : "higher"} for each outcome, from {plural(outcomes, "outcome")}.</span>;
  if (verdict === "better") return <p><strong>It tells better who {words.does}.</strong> The chance that this only looks so is at most {odds(doubt)}. {about}</p>;
  if (verdict === "worse") return <p><strong>It tells worse who {words.does}.</strong> The chance that this only looks so is at most {odds(doubt)}. {about}</p>;
  return <p>{outcomes < 100 ? "It is too early to say: at least 100 outcomes are needed." : "Neither is clearly better so far."} {outcomes > 0 && about}</p>;
}

function Model({ model, words, isChampion, busy, onTry, onStop, onPromote }) {
  const { title, about, place, verdict } = model;
  const [word, tone] = TAGS[place] ?? [];
  return (
    <li className="lf-rows__row lf-sversion" aria-label={title}>
      <div className="lf-rows__main">
        <span className="lf-rows__title">{title}{word && <span className={`lf-tag ${tone}`}>{word}</span>}</span>
        <p className="lf-muted">{about}</p>
        <Standing model={model} words={words} />
      </div>
      <div className="lf-smodel__does">
        {place === "shelf" && <button type="button" className="lf-button lf-button--small" disabled={busy} aria-label={`Try ${title}`} onClick={() => onTry(model)}>Try it</button>}
        {place === "challenger" && <button type="button" className={`lf-button lf-button--small ${verdict === "better" ? "lf-button--primary" : ""}`} aria-label={`Promote ${title}`} onClick={() => onPromote(model)}>Promote…</button>}
        {(place === "challenger" || (place === "learning" && !isChampion)) && <button type="button" className="lf-button lf-button--small lf-button--quiet" disabled={busy} aria-label={`Stop trying ${title}`} onClick={() => onStop(model)}>Stop</button>}
      </div>
    </li>
  );
}

const careful = (verdict, words) => ({ worse: `So far it tells worse who ${words.does}. `, open: "So far it is not clearly better. " })[verdict] ?? "";

export function ScoringModels() {
  const { data, error, reload } = useRest(PATH);
  const [now, setNow] = useState(null);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(null);
  useEffect(() => { if (data) setNow(data); }, [data]);
  const isLearning = Boolean(now?.entries.some((each) => each.place === "learning"));
  useEffect(() => {
    if (!isLearning) return undefined;
    const timer = setInterval(reload, LOOKS_MS);
    return () => clearInterval(timer);
  }, [isLearning, reload]);
  if (error && !now) return <Failed what="The models could not be loaded." error={error} retry={reload} />;
  if (!now) return <Skeleton shape="entry" count={4} />;
  const ask = async (what, model, said) => {
    setBusy(true);
    try {
      setNow(await rest("POST", `${PATH}/${what}`, { model: model.name }));
      toast(said);
    } catch (problem) {
      failed("Nothing was changed.", problem);
    } finally {
      setBusy(false);
    }
  };
  const close = () => setAsked(null);
  const again = () => { close(); reload(); };
  return (
    <section className="lf-sgroup" aria-label="Models">
      <div className="lf-sgroup__head"><div><h2 className="lf-heading">Models</h2><p className="lf-muted">One scores. Up to two others can learn the same in the background, until it is clear which tells best who {now.words.does}.</p></div></div>
      <ul className="lf-rows" aria-label="Models">
        {now.entries.map((each) => (
          <Model
            key={each.name} model={each} words={now.words} isChampion={each.name === now.champion} busy={busy} onPromote={setAsked}
            onTry={(model) => ask("try", model, `${model.title} learns from your history now.`)} onStop={(model) => ask("stop", model, `${model.title} is not tried any more.`)}
          />
        ))}
      </ul>
      <GoLive
        isOpen={Boolean(asked)} heading={`Let “${asked?.title}” score?`} path={`${PATH}/promote`} body={{ model: asked?.name, based_on: now.version }} verb="Promote"
        about={`${careful(asked?.verdict, now.words)}Scores of open leads follow in the background, hot ones first. The model of now is tried in its shadow then, and you can go back under History.`} said={() => `“${asked.title}” scores from now on.`} onDone={again} onStale={again} onClose={close}
      />
    </section>
  );
}
