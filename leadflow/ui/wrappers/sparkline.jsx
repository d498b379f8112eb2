// A line small enough to sit beside a number.
const WIDTH = 96;

export function Sparkline({ points, height = 32, label }) {
  const values = (points ?? []).filter((value) => value !== null && value !== undefined);
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const place = (value, index) => [(index / (values.length - 1)) * (WIDTH - 4) + 2, height - 3 - ((value - low) / span) * (height - 6)];
  const line = values.map((value, index) => place(value, index).map((part) => part.toFixed(1)).join(",")).join(" L");
  const [endX, endY] = place(values.at(-1), values.length - 1);
  return (
    <svg className="lf-spark" viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : "true"}>
      <path className="lf-spark__area" d={`M2,${height} L${line} L${WIDTH - 2},${height} Z`} />
      <path className="lf-spark__line" d={`M${line}`} />
      <circle className="lf-spark__end" cx={endX} cy={endY} r="2" />
    </svg>
  );
}
