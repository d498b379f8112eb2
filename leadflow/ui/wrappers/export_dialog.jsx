// Leads as a file: which format, which columns, how many; and how far it has come where that takes a while.
import { useEffect, useState } from "react";
import { Dialog, Skeleton, dismiss, failed, number, plural, rest, retell, toast } from "./kit.js";
import { exportFile } from "./export_file.js";

const WAIT_MS = 2_000;
const FOREVER_MS = 3_600_000;
const FORMATS = [{ key: "csv", label: "CSV", help: "For any program; any number of leads" }, { key: "xlsx", label: "Excel", help: "A workbook with one sheet" }];

const farther = ({ leads, bytes, total }) => (leads === null ? `Exporting ${plural(total, "lead")}: ${number(Math.round(bytes / 1e6))} MB so far…` : `Exporting ${number(Math.min(leads, total))} of ${plural(total, "lead")}…`);

async function run(body) {
  const controller = new AbortController();
  const begun = performance.now();
  let message = null;
  let said = 0;
  const onPart = (at) => {
    const now = performance.now();
    if (now - begun < WAIT_MS || now - said < 250) return;
    said = now;
    if (message === null) message = toast(farther(at), { stays: FOREVER_MS });
    else retell(message, farther(at));
  };
  try {
    const total = await exportFile(body, { onPart, signal: controller.signal });
    toast(`${plural(total, "lead")} exported.`);
  } catch (error) {
    failed("The leads were not exported.", error);
  }
  if (message !== null) dismiss(message);
}

function Form({ which, columns, sort, onClose, onDone }) {
  const [format, setFormat] = useState("csv");
  const [isAll, setAll] = useState(false);
  const [{ outlook, error }, setState] = useState({});
  useEffect(() => {
    const controller = new AbortController();
    rest("POST", "/leads/export/preview", which, { signal: controller.signal }).then((found) => setState({ outlook: found }), (problem) => problem.name === "AbortError" || setState({ error: problem }));
    return () => controller.abort();
  }, []);
  const known = new Set(outlook?.columns.map((each) => each.key));
  const shown = columns.filter((each) => known.has(each));
  const isTooMany = format === "xlsx" && outlook?.leads > outlook?.spreadsheet_rows;
  const isReady = outlook?.leads > 0 && !isTooMany;
  const submit = (event) => {
    event.preventDefault();
    if (!isReady) return;
    run({ ...which, format, columns: isAll ? [] : shown, ...(sort === "relevance" ? {} : { sort }) });
    onDone();
  };
  return (
    <form data-begin className="lf-form" noValidate onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}>
      <fieldset className="lf-fieldset"><legend className="lf-label">Format</legend>
        {FORMATS.map((each) => <label key={each.key} className="lf-check"><input type="radio" name="format" checked={format === each.key} onChange={() => setFormat(each.key)} /> <span>{each.label} <span className="lf-muted">{each.help}</span></span></label>)}
      </fieldset>
      <fieldset className="lf-fieldset"><legend className="lf-label">Columns</legend>
        <label className="lf-check"><input type="radio" name="columns" checked={!isAll} onChange={() => setAll(false)} /> <span>Those of the list{outlook && <span className="lf-muted lf-number"> {number(shown.length)}</span>}</span></label>
        <label className="lf-check"><input type="radio" name="columns" checked={isAll} onChange={() => setAll(true)} /> <span>All{outlook && <span className="lf-muted lf-number"> {number(outlook.columns.length)}</span>}</span></label>
      </fieldset>
      {error ? <p className="lf-error lf-error--block" role="alert">{error.errors?.[0]?.message ?? error.message}</p> : !outlook ? <Skeleton shape="row" count={1} /> : (
        <p role="status" className="lf-export__says">{plural(outlook.leads, "lead")}.{outlook.beyond > 0 && ` ${number(outlook.beyond)} more ${outlook.beyond === 1 ? "is" : "are"} not for your role to export.`}</p>
      )}
      {isTooMany && <p className="lf-error lf-error--block" role="alert">A spreadsheet holds {number(outlook.spreadsheet_rows)} leads. Choose CSV, or narrow the filter.</p>}
      <div className="lf-actions">
        <button type="button" className="lf-button lf-button--quiet" onClick={onClose}>Cancel</button>
        <button type="submit" className="lf-button lf-button--primary" disabled={!isReady}>{outlook?.leads > 0 ? `Export ${plural(outlook.leads, "lead")}` : "Export"}</button>
      </div>
    </form>
  );
}

export function ExportDialog({ isOpen, which, columns, sort, heading, onClose, onDone }) {
  return <Dialog isOpen={isOpen} heading={heading} onClose={onClose}><Form which={which} columns={columns} sort={sort} onClose={onClose} onDone={onDone} /></Dialog>;
}
