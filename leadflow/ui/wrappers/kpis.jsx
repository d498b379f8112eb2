// The strip of figures above the board: live values, drawn as they arrive.
import { useEffect, useId, useState } from "react";
import { Link } from "react-router";
import { Icon, Skeleton, rest, subscribe } from "./kit.js";
import { Sparkline } from "./sparkline.jsx";
import "./kpis.css";

function change({ value, previous, better, unit }) {
  if (value === null || value === undefined || previous === null || previous === undefined || value === previous) return null;
  const rises = value > previous;
  const isShare = /percent|%/.test(unit ?? "");
  const by = isShare || !previous ? Math.abs(value - previous) : (Math.abs(value - previous) / Math.abs(previous)) * 100;
  const word = better === (rises ? "up" : "down") ? "better" : "worse";
  // "300 % better" says little about small counts; the difference itself says more.
  if (!isShare && by > 200) return { rises, word, text: `${Math.round(Math.abs(value - previous))}` };
  const figure = by < 10 && !Number.isInteger(by) ? by.toFixed(1) : Math.round(by);
  return { rises, word, text: `${figure}${isShare ? " pts" : previous ? "%" : ""}` };
}

function Change({ tile }) {
  const { previous, previous_text: before, compared_with: than } = tile;
  const moved = change(tile);
  const words = than || "the period before";
  if (previous === null || previous === undefined || tile.value === null) return <p className="lf-kpi__change">&nbsp;</p>;
  if (!moved) return <p className="lf-kpi__change">Same as {words}</p>;
  return (
    <p className={`lf-kpi__change lf-number is-${moved.word}`} title={`${before || previous}, ${words}`}>
      <span aria-hidden="true">{moved.rises ? "▲" : "▼"}</span><span className="lf-visually-hidden">{moved.rises ? "up" : "down"}</span> {moved.text} {moved.word}
      <span className="lf-muted lf-kpi__before"> than {words}</span>
    </p>
  );
}

function Tile({ tile }) {
  const help = useId();
  return (
    <div className="lf-kpi" role="group" aria-label={tile.label}>
      <div className="lf-kpi__head">
        <Link className="lf-kpi__label" to={tile.href ?? "/leads"}>{tile.label}</Link>
        <button type="button" className="lf-kpi__help" popoverTarget={help} aria-label={`How “${tile.label}” is counted`}><Icon name="Help" size={14} /></button>
        <div id={help} popover="auto" className="lf-popover" role="note">{tile.help}</div>
      </div>
      <div className="lf-kpi__body">
        <span key={tile.text} className="lf-kpi__figure lf-number">{tile.text ?? "–"}</span>
        <Sparkline points={tile.spark} />
      </div>
      <Change tile={tile} />
    </div>
  );
}

const asMap = (answer) => answer.values ?? answer.kpis ?? answer;

export function KpiStrip({ count }) {
  const [tiles, setTiles] = useState(null);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    let heard = false;
    const stop = subscribe({ view: "kpis" }, { kpis: (values) => { heard = true; setTiles((before) => ({ ...before, ...values })); }, refused: () => setRefused(true) });
    rest("GET", "/kpis").then((answer) => heard || setTiles((before) => before ?? asMap(answer)), () => {});
    return stop;
  }, []);
  if (refused) return null;
  return (
    <section className="lf-kpis" aria-label="Key figures">
      {tiles
        ? Object.entries(tiles).map(([key, tile]) => <Tile key={key} tile={tile} />)
        : Array.from({ length: count }, (_, index) => <div key={index} className="lf-kpi"><Skeleton width={90} /><Skeleton shape="figure" /><Skeleton width={120} /></div>)}
    </section>
  );
}
