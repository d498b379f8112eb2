// A list that shows a change before the server agrees, and takes it back when it does not.
import { useEffect, useState } from "react";
import { failed, rest, toast, useRest } from "./kit.js";

export function useRows(path) {
  const { data, error, reload } = useRest(path);
  const [rows, setRows] = useState(null);
  useEffect(() => { if (data) setRows(data.items); }, [data]);
  const show = (id, part) => setRows((before) => before.map((row) => (row.id === id ? { ...row, ...part } : row)));

  // `said` puts the row as it is now into words.
  const change = async (row, part, { said, refused, isUndo = false }) => {
    const before = Object.fromEntries(Object.keys(part).map((key) => [key, row[key]]));
    show(row.id, part);
    try {
      const now = await rest("PATCH", `${path}/${row.id}`, part);
      show(row.id, now);
      toast(said(now), { undo: isUndo ? null : () => change(now, before, { said, refused, isUndo: true }) });
      return true;
    } catch (problem) {
      show(row.id, before);
      failed(refused, problem);
      return false;
    }
  };

  return { rows, error: rows ? null : error, reload, change };
}
