// How well the model knows who will come to the goal, what comes in, what it learned, and alarms.
import { Empty, Failed, Skeleton, UrlSelect, number, useRest, useUrl } from "./kit.js";
import { Calibration, Figures, Models, OverTime } from "./model_figures.jsx";
import { Flows, Learned, Shifts } from "./model_inputs.jsx";
import { Alarms, Trust } from "./scoring_alarms.jsx";
import "./model.css";
import "./work.css";

const DAYS = [{ value: "7", label: "Last 7 days" }, { value: "30", label: "Last 30 days" }, { value: "90", label: "Last 90 days" }, { value: "180", label: "Last 180 days" }];
const USUAL = "30";

function Part({ title, help, children }) {
  return <section className="lf-mpart" aria-label={title}><h2 className="lf-heading">{title}</h2>{help && <p className="lf-muted lf-mhelp">{help}</p>}{children}</section>;
}

function Young({ model, minimum, days, words }) {
  return (
    <Empty title={`After the first ${minimum} outcomes it is said here how well the model knows who ${words.will}.`}>
      <span className="lf-muted">So far {number(Math.round(model.outcomes))} in the last {days} days. Until then scores go by your rules more than by what was learned.</span>
    </Empty>
  );
}

export function ScoringModel() {
  const [params] = useUrl();
  const asked = params.get("days") || USUAL;
  const days = DAYS.some((each) => each.value === asked) ? asked : USUAL;
  const { data, error, reload } = useRest(`/scoring/model?days=${days}`);
  if (error && !data) return <Failed what="The model could not be looked at." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="entry" count={6} />;
  const { words, models: [champion] } = data;
  return (
    <div className="lf-model">
      <div className="lf-toolbar"><UrlSelect param="days" label="Outcomes of the" options={DAYS} usual={USUAL} /></div>
      {champion.figures ? (
        <>
          <p className="lf-model__headline">{champion.headline}</p>
          <Figures figures={champion.figures} words={words} />
          <Calibration model={champion} minimum={10} words={words} />
        </>
      ) : <Young model={champion} minimum={data.minimum} days={data.days} words={words} />}
      <OverTime points={champion.points} window={data.window} words={words} />
      {data.models.length > 1 && <Models models={data.models} minimum={data.minimum} />}
      <Part title={data.learned?.is_today ? "What it learned today" : "What it learned last"}><Learned learned={data.learned} words={words} /></Part>
      <Part title="Alarms"><Trust trust={data.trust} /><Alarms alarms={data.alarms} /></Part>
      <div className="lf-mpair">
        <Part title="Who comes in" help="The last seven whole days against the four weeks before."><Shifts inputs={data.inputs} /></Part>
        <Part title="What comes in" help="A day, on average."><Flows behaviours={data.behaviours} /></Part>
      </div>
    </div>
  );
}
