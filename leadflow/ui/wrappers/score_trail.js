// The course of a lead's score over the last two weeks, as its row brings it: see leadflow.scoring.trail.
export const DAYS_MS = 14 * 86_400_000;
const SINCE = Date.UTC(2020, 0, 1);
const MINUTE = 60_000;

// [time, score] of each step, oldest first.
export function stepsOf(trail) {
  if (!trail) return [];
  const bytes = Uint8Array.from(atob(trail), (letter) => letter.charCodeAt(0));
  const newest = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
  const steps = [];
  for (let at = 3; at < bytes.length; at += 3) steps.push([SINCE + (newest - ((bytes[at] << 8) | bytes[at + 1])) * MINUTE, bytes[at + 2]]);
  return steps;
}

// What is seen of them between the two times; the first level is the one that the score had at the beginning.
export function seen(steps, from, to) {
  const before = steps.filter(([at]) => at <= from).at(-1) ?? steps[0];
  return before ? [[from, before[1]], ...steps.filter(([at]) => at > from && at <= to && at !== before[0])] : [];
}
