// The columns of a table as the address says and this browser remembers: which, in which order, how wide.
import { useMemo, useState } from "react";
import { sees, useMe, useUrl } from "./kit.js";
import { askedFor, chosen, fits, least, moved, tracks, withColumn, without } from "./table_columns.js";

const KEPT = "lf.widths.leads";

function remembered() {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(localStorage.getItem(KEPT)) ?? {}).filter(([, width]) => Number.isFinite(width)));
  } catch {
    return {};
  }
}

export function useColumns(offered) {
  const me = useMe();
  const [params, setUrl] = useUrl();
  const [widths, setWidths] = useState(remembered);
  const [said, setSaid] = useState("");
  const asked = params.get("columns") ?? "";
  const all = useMemo(() => offered.filter((column) => sees(me, column.field ?? column.key)), [offered, me]);
  const columns = useMemo(() => chosen(all, asked), [all, asked]);
  const keys = columns.map((column) => column.key);
  const labelOf = (key) => all.find((column) => column.key === key)?.label;
  const set = (now, words) => { setUrl({ columns: askedFor(all, now) }); setSaid(words); };
  const keep = (now) => {
    setWidths(now);
    try { localStorage.setItem(KEPT, JSON.stringify(now)); } catch { /* a browser that keeps nothing forgets widths */ }
  };
  return {
    all, columns, widths, said,
    isUsual: !asked && Object.keys(widths).length === 0,
    template: tracks(columns, widths), least: least(columns, widths),
    show: (key) => set(withColumn(keys, key), `${labelOf(key)} is shown, column ${keys.length + 1}.`),
    hide: (key) => set(without(keys, key), `${labelOf(key)} is hidden.`),
    move: (key, to) => {
      const now = moved(keys, key, to);
      if (now !== keys) set(now, `${labelOf(key)} is column ${now.indexOf(key) + 1} of ${now.length}.`);
    },
    resize: (key, width) => {
      const { [key]: _, ...others } = widths;
      keep(width === null ? others : { ...others, [key]: fits(width) });
    },
    reset: () => { setUrl({ columns: "" }); keep({}); setSaid("The columns are as they usually are."); },
  };
}
