// Bring a file of leads in: choose, say what each column is, look at what would happen, then do it.
import { useEffect, useRef, useState } from "react";
import { API, Empty, Icon, RestError, may, number, plural, query, randomKey, rest, useMe } from "./kit.js";
import { Mapping, Summary } from "./import_steps.jsx";
import { Progress } from "./import_progress.jsx";
import "./work.css";

const STEPS = ["Choose a file", "Match the columns", "Check", "Import"];

// fetch cannot tell how much was sent, so the upload alone uses the older request.
function upload(file, encoding, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${API}/imports${query({ filename: file.name, encoding })}`);
    request.setRequestHeader("idempotency-key", randomKey());
    request.setRequestHeader("content-type", "text/csv");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new RestError(0, { title: "The server could not be reached. The file was not imported." }));
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* an answer without JSON is an error below */ }
      request.status < 300 ? resolve(answer) : reject(new RestError(request.status, answer, request.getResponseHeader("x-request-id")));
    };
    request.send(file);
  });
}

function Drop({ onFile, progress, error }) {
  const [isOver, setOver] = useState(false);
  const input = useRef(null);
  const take = (files) => files?.[0] && onFile(files[0]);
  return (
    <>
      <div
        className={`lf-drop ${isOver ? "is-over" : ""}`} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files); }}
      >
        <Icon name="Upload" size={24} />
        {progress === null ? (
          <>
            <p className="lf-drop__title">Drop a CSV file here</p>
            <p className="lf-muted">Any delimiter and encoding. The first row names the columns.</p>
            <button type="button" className="lf-button lf-button--primary" onClick={() => input.current.click()}>Choose a file</button>
          </>
        ) : (
          <>
            <p className="lf-drop__title">Uploading</p>
            <progress className="lf-progress" max="1" value={progress} aria-label="Upload" />
          </>
        )}
        <input ref={input} type="file" accept=".csv,.tsv,.txt,text/csv" className="lf-visually-hidden" tabIndex={-1} aria-label="CSV file" onChange={(event) => { take(event.target.files); event.target.value = ""; }} />
      </div>
      {error && <p className="lf-error lf-error--block" role="alert">{error.message}{error.requestId && ` (request ${error.requestId})`}</p>}
    </>
  );
}

export function ImportFile({ encodings }) {
  const me = useMe();
  const [file, setFile] = useState(null);
  const [found, setFound] = useState(null);
  const [mapping, setMapping] = useState({});
  const [summary, setSummary] = useState(null);
  const [started, setStarted] = useState(false);
  const [progress, setProgress] = useState(null);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const [ended, setEnded] = useState(false);
  const step = ended ? 4 : started ? 3 : summary ? 2 : found ? 1 : 0;
  const heading = useRef(null);
  useEffect(() => { if (step > 0) heading.current?.focus(); }, [step]);

  if (me && !may(me, "leads.import")) return <Empty title="You may not import leads. Ask a manager or an owner of your organization." />;

  const attempt = async (work) => {
    setBusy(true);
    setError(null);
    try { await work(); } catch (problem) { setError(problem); }
    setBusy(false);
  };
  const choose = (chosen, encoding = "") => attempt(async () => {
    setFile(chosen);
    setProgress(0);
    try {
      const answer = await upload(chosen, encoding, setProgress);
      setMapping(Object.fromEntries(answer.columns.map((column) => [column.name, column.suggested ?? ""])));
      setFound(answer);
    } finally { setProgress(null); }
  });
  const used = Object.fromEntries(Object.entries(mapping).filter(([, field]) => field));
  const check = () => attempt(async () => setSummary(await rest("POST", `/imports/${found.id}/dry-run`, { mapping: used })));
  const commit = () => attempt(async () => {
    await rest("POST", `/imports/${found.id}/commit`, { mapping: used });
    setStarted(true);
  });
  const restart = () => { setFile(null); setFound(null); setSummary(null); setStarted(false); setEnded(false); setError(null); };

  const fields = [...(found?.fields ?? []), { value: "custom", label: "A field of its own" }];

  return (
    <div className="lf-import">
      <ol className="lf-steps" aria-label="Steps">
        {STEPS.map((name, index) => <li key={name} className={index < step ? "is-done" : ""} aria-current={index === step ? "step" : undefined}><span className="lf-steps__number lf-number">{index < step ? <Icon name="Check" size={14} /> : index + 1}</span>{name}</li>)}
      </ol>
      {file && found && (
        <p className="lf-import__file" tabIndex={-1} ref={heading}>
          <strong className="lf-clip">{file.name}</strong>
          <span className="lf-muted">{number(found.rows)} rows · {plural(found.columns.length, "column")} · {delimiterName(found.delimiter)}</span>
          {step === 1 && (
            <label className="lf-filter">
              <span>Read as</span>
              <select value="" disabled={busy} onChange={(event) => choose(file, event.target.value)}>
                <option value="">{found.encoding}</option>
                {encodings.map((encoding) => <option key={encoding} value={encoding}>{encoding}</option>)}
              </select>
            </label>
          )}
        </p>
      )}
      {found?.warnings?.length > 0 && step < 3 && <ul className="lf-warnings">{found.warnings.map((warning) => <li key={String(warning.message ?? warning)}>{warning.message ?? warning}</li>)}</ul>}
      {step === 0 && <Drop onFile={choose} progress={progress} error={error} />}
      {step === 1 && <Mapping columns={found.columns} fields={fields} mapping={mapping} onChange={setMapping} onNext={check} onBack={restart} busy={busy} />}
      {step === 2 && <Summary summary={summary} fields={fields} onBack={() => setSummary(null)} onNext={commit} busy={busy} />}
      {step > 2 && <Progress id={found.id} restart={restart} onEnd={setEnded} />}
      {step > 0 && error && <p className="lf-error lf-error--block" role="alert">{error.message}{error.requestId && ` (request ${error.requestId})`}</p>}
    </div>
  );
}

function delimiterName(delimiter) {
  return { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe" }[delimiter] ?? `“${delimiter}”`;
}
