// One model: how well it is calibrated, how well it tells who comes to the goal, by band and over time.
import { Band, number } from "./kit.js";
import { Lines, Reliability } from "./model_charts.jsx";

const whole = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
// One decimal below ten percent.
const percent = { format: (share) => (share > 0 && share < 0.0995 ? fine : whole).format(share) };
const exact = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const rough = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
export const outcomes = (count) => `${number(Math.round(count))} ${Math.round(count) === 1 ? "outcome" : "outcomes"}`;

const order = (words) => `Take a lead that ${words.did} and one of the others: how often the first had been given the better chance. 50 % is tossing a coin. (AUC)`;
const HELP = {
  loss: "How surprised the model was by what came, on average, in nats; lower is better. The dashed line is what it expected itself, the grey one is saying the same of every lead. (Log-loss)",
  saved: "How much less surprised it was than somebody who says the same of every lead.",
  brier: "The mean squared distance of what was said and what came; lower is better. (Brier score)",
  calibration: "How far what was said and what came lie apart, on average over groups of leads. (Expected calibration error)",
};

function Figure({ label, help, children }) {
  return <div className="lf-figure" title={help}><dt>{label}</dt><dd className="lf-number">{children}</dd></div>;
}

export function Figures({ figures, words }) {
  return (
    <dl className="lf-figures lf-mfigures">
      <Figure label="Right order" help={order(words)}>{figures.auc === null ? "–" : percent.format(figures.auc)}</Figure>
      <Figure label="Calibration error" help={HELP.calibration}>{fine.format(figures.calibration_error)}</Figure>
      <Figure label="Less surprise" help={HELP.saved}>{percent.format(figures.skill)}</Figure>
      <Figure label="Log-loss" help={HELP.loss}>{exact.format(figures.log_loss)}</Figure>
      <Figure label="Brier score" help={HELP.brier}>{exact.format(figures.brier)}</Figure>
    </dl>
  );
}

const of = (name) => (point) => point.figures?.[name] ?? null;

export function OverTime({ points, window, words }) {
  if (!points.some((point) => point.figures)) return null;
  return (
    <section aria-label="Over time">
      <h3 className="lf-subheading">Over time</h3>
      <p className="lf-muted lf-mhelp">Each day stands for the {window} days that end with it.</p>
      <div className="lf-mcharts">
        <Lines label={`Said and ${words.done}`} help={`The mean chance that was said, and the share that ${words.did}.`} points={points} text={(value) => whole.format(value)} lines={[{ label: words.done, value: of("won"), tone: "is-main" }, { label: "said", value: of("said"), tone: "is-dashed" }]} />
        <Lines label="Right order" help={order(words)} points={points} text={(value) => whole.format(value)} lines={[{ label: "right", value: of("auc"), tone: "is-main" }]} />
        <Lines label="Log-loss" help={HELP.loss} points={points} text={(value) => rough.format(value)} lines={[{ label: "it was", value: of("log_loss"), tone: "is-main" }, { label: "expected", value: of("expected_loss"), tone: "is-dashed" }, { label: "same for all", value: of("usual_loss"), tone: "is-faint" }]} />
      </div>
    </section>
  );
}

function GroupRow({ name, group, words }) {
  return (
    <tr role="row">
      <th role="rowheader" scope="row">{name}</th>
      <td role="cell" data-label="Said" className="lf-number">{group ? percent.format(group.said) : "–"}</td>
      <td role="cell" data-label={words.title} className="lf-number">{group ? <>{percent.format(group.won)} <small className="lf-muted">{percent.format(group.won_low)} to {percent.format(group.won_high)}</small></> : "–"}</td>
      <td role="cell" data-label="Outcomes" className="lf-number">{group ? number(Math.round(group.outcomes)) : 0}</td>
    </tr>
  );
}

export function Groups({ label, first, rows, words }) {
  return (
    <table role="table" className="lf-mtable" aria-label={label}>
      <thead role="rowgroup"><tr role="row">{[first, "Said", words.title, "Outcomes"].map((each) => <th role="columnheader" scope="col" key={each}>{each}</th>)}</tr></thead>
      <tbody role="rowgroup">{rows.map(([key, name, group]) => <GroupRow key={key} name={name} group={group} words={words} />)}</tbody>
    </table>
  );
}

export function Calibration({ model, minimum, words }) {
  const { groups, bands } = model;
  return (
    <section aria-label={`Said and ${words.done}`}>
      <h3 className="lf-subheading">What it said, and what came</h3>
      <div className="lf-mpair">
        <div>
          <Reliability groups={groups} minimum={minimum} done={words.done} />
          <p className="lf-muted lf-mhelp">On the line, as many {words.those_did} as was said. A bar is where the true share lies, with 95% confidence.</p>
        </div>
        <div className="lf-mtables">
          <Groups words={words} label="By band" first="Band" rows={bands.map((each) => [each.band, <Band key={each.band} band={each.band} />, each.figures])} />
          <p className="lf-muted lf-mhelp">By the band in which the learned part alone would put a lead; your rules have no part in it.</p>
          <Groups words={words} label="By what was said" first="Chance" rows={groups.map((group) => [group.low, `${percent.format(group.low)} to ${percent.format(group.high)}`, group])} />
        </div>
      </div>
    </section>
  );
}

// All models that learn from the same outcomes, side by side; the champion scores.
export function Models({ models, minimum }) {
  return (
    <section aria-label="Models">
      <h3 className="lf-subheading">Models side by side</h3>
      <table role="table" className="lf-mtable" aria-label="Models side by side">
        <thead role="rowgroup"><tr role="row">{["Model", "Right order", "Calibration error", "Log-loss", "Outcomes"].map((each) => <th role="columnheader" scope="col" key={each}>{each}</th>)}</tr></thead>
        <tbody role="rowgroup">
          {models.map(({ name, title, is_champion: scores, figures, outcomes: count }) => (
            <tr role="row" key={name}>
              <th role="rowheader" scope="row">{title} <small className="lf-muted">{scores ? "scores your leads" : "learns along"}</small></th>
              <td role="cell" data-label="Right order" className="lf-number">{figures?.auc != null ? fine.format(figures.auc) : "–"}</td>
              <td role="cell" data-label="Calibration error" className="lf-number">{figures ? fine.format(figures.calibration_error) : "–"}</td>
              <td role="cell" data-label="Log-loss" className="lf-number">{figures ? exact.format(figures.log_loss) : "–"}</td>
              <td role="cell" data-label="Outcomes" className="lf-number">{number(Math.round(count))}{!figures && <small className="lf-muted"> of {minimum}</small>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
