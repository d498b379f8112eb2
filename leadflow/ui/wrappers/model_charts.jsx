// Figures over time, and what was said against what came: plain lines.
import { Fragment } from "react";

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [320, 132, 38, 18, 8];
const [SIDE, MARGIN] = [360, 36];
const whole = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const percent = (share) => whole.format(share);
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const dayOf = (text) => day.format(Date.parse(text));

// The first and last of a round step that hold all values.
function frame(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rough = (high - low || Math.abs(high) / 10 || 1) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const [from, to] = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);
  return ticks.length > 1 ? ticks : [from - step, from];
}

function path(points, value, x, y) {
  let line = "";
  points.forEach((point, index) => {
    const at = value(point);
    const isOpen = index > 0 && value(points[index - 1]) !== null;
    if (at !== null) line += `${isOpen ? "L" : "M"}${x(index).toFixed(1)},${y(at).toFixed(1)}`;
  });
  return line;
}

export function Lines({ label, help, points, lines, text }) {
  const values = points.flatMap((point) => lines.map((line) => line.value(point))).filter((value) => value !== null);
  if (!values.length) return null;
  const ticks = frame(values);
  const [low, high] = [ticks[0], ticks.at(-1)];
  const x = (index) => LEFT + (index / Math.max(points.length - 1, 1)) * (WIDTH - LEFT - 6);
  const y = (value) => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - BOTTOM - TOP);
  const last = points.at(-1);
  const told = lines.map((line) => `${line.label} ${line.value(last) === null ? "unknown" : text(line.value(last))}`).join(", ");
  return (
    <figure className="lf-mchart">
      <figcaption><span className="lf-mchart__label" title={help}>{label}</span>{lines.length > 1 && <span className="lf-mchart__keys">{lines.map((line) => <span key={line.label} className={`lf-mchart__key ${line.tone}`}>{line.label}</span>)}</span>}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${label} on ${dayOf(last.day)}: ${told}`}>
        {ticks.map((tick) => <g key={tick}><line className="lf-mchart__grid" x1={LEFT} x2={WIDTH - 6} y1={y(tick)} y2={y(tick)} /><text className="lf-mchart__tick" x={LEFT - 6} y={y(tick) + 3.5} textAnchor="end">{text(tick)}</text></g>)}
        {[...lines].reverse().map((line) => <path key={line.label} className={`lf-mchart__line ${line.tone}`} d={path(points, line.value, x, y)} />)}
        {lines[0].value(last) !== null && <circle className="lf-mchart__end" cx={x(points.length - 1)} cy={y(lines[0].value(last))} r="2.5" />}
        <text className="lf-mchart__tick" x={LEFT} y={HEIGHT - 4}>{dayOf(points[0].day)}</text>
        <text className="lf-mchart__tick" x={WIDTH - 6} y={HEIGHT - 4} textAnchor="end">{dayOf(last.day)}</text>
      </svg>
    </figure>
  );
}

// A point on the diagonal: as many came to the goal as was said. The bars are where the true share lies, with 95 % confidence.
export function Reliability({ groups, minimum, done }) {
  const most = Math.max(...groups.map((group) => Math.max(group.said, group.won)), 0.08);
  const top = Math.min(Math.ceil(most * 11) / 10, 1);
  const place = (share) => (Math.min(share, top) / top) * (SIDE - MARGIN - 16);
  const [x, y] = [(share) => MARGIN + place(share), (share) => SIDE - MARGIN - place(share)];
  const ticks = [0, top / 2, top];
  const size = (group) => 2 + 2.5 * Math.sqrt(group.outcomes / Math.max(...groups.map((each) => each.outcomes)));
  const told = groups.map((group) => `said ${percent(group.said)}, ${done} ${percent(group.won)}`).join("; ");
  return (
    <svg className="lf-mreliable" viewBox={`0 0 ${SIDE} ${SIDE}`} role="img" aria-label={`What was said and what came, in groups of at least ${minimum} outcomes: ${told}`}>
      {ticks.map((tick) => (
        <Fragment key={tick}>
          <line className="lf-mchart__grid" x1={x(0)} x2={x(top)} y1={y(tick)} y2={y(tick)} />
          <text className="lf-mchart__tick" x={MARGIN - 6} y={y(tick) + 3.5} textAnchor="end">{percent(tick)}</text>
          <text className="lf-mchart__tick" x={x(tick)} y={SIDE - MARGIN + 14} textAnchor={tick === 0 ? "start" : tick === top ? "end" : "middle"}>{percent(tick)}</text>
        </Fragment>
      ))}
      <line className="lf-mreliable__ideal" x1={x(0)} y1={y(0)} x2={x(top)} y2={y(top)} />
      {groups.map((group) => (
        <g key={group.low}>
          <line className="lf-mreliable__bar" x1={x(group.said)} x2={x(group.said)} y1={y(group.won_low)} y2={y(group.won_high)} />
          <circle className="lf-mreliable__point" cx={x(group.said)} cy={y(group.won)} r={size(group)} />
        </g>
      ))}
      <text className="lf-mchart__tick" x={x(top)} y={SIDE - 6} textAnchor="end">said →</text>
      <text className="lf-mchart__tick" x={MARGIN + 4} y={12}>↑ {done}</text>
    </svg>
  );
}
