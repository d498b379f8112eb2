// The course of a lead's score, small enough for a card.
import { DAYS_MS, seen, stepsOf } from "./score_trail.js";

const WIDTH = 44;
const HEIGHT = 16;
const FEWEST_POINTS = 24;

export function Trail({ trail, score, since, now }) {
  const from = Math.max(since, now - DAYS_MS);
  const steps = seen(stepsOf(trail), from, now);
  // New rules change a score without a step.
  if (steps.length && steps.at(-1)[1] !== score) steps.push([now, score]);
  const scores = steps.map(([, score]) => score);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  if (steps.length < 2 || low === high) return null;
  // Small changes stay small: the line fills its height when it rises or falls by so many points at least.
  const floor = Math.max(0, Math.min(low, (low + high - FEWEST_POINTS) / 2));
  const reach = Math.max(high - floor, FEWEST_POINTS);
  const x = (at) => ((at - from) / Math.max(1, now - from)) * (WIDTH - 4) + 1;
  const y = (score) => HEIGHT - 2 - ((score - floor) / reach) * (HEIGHT - 4);
  const line = steps.map(([at, score], index) => (index ? `H${x(at).toFixed(1)}V${y(score).toFixed(1)}` : `M${x(at).toFixed(1)},${y(score).toFixed(1)}`)).join("");
  const says = `Score over the last ${now - since < DAYS_MS ? "days" : "two weeks"}: ${scores.join(", ")}`;
  return (
    <svg className="lf-trail" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={says}>
      <title>{says}</title>
      <path className="lf-trail__line" d={`${line}H${WIDTH - 3}`} />
      <circle className="lf-trail__end" cx={WIDTH - 3} cy={y(scores.at(-1))} r="1.75" />
    </svg>
  );
}
