// A form that is sent to the API: busy meanwhile, and what is refused stands beside its field.
import { useState } from "react";
import { RestError } from "./rest.js";

// `fields` are those that show their own problem; `elsewhere` says the rest.
export function useSaving(fields) {
  const [problems, setProblems] = useState([]);
  const [busy, setBusy] = useState(false);
  const send = async (attempt) => {
    setBusy(true);
    setProblems([]);
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      setProblems(error.errors.length ? error.errors : [{ field: "", message: error.message }]);
      setBusy(false);
    }
  };
  return {
    busy, send, refuse: setProblems,
    problemOf: (field) => problems.find((each) => each.field === field)?.message,
    elsewhere: problems.filter((each) => !fields.includes(each.field)).map((each) => each.message).join(" "),
  };
}

export function Field({ id, label, problem, children }) {
  return <div className="lf-field"><label htmlFor={id}>{label}</label>{children}{problem && <p className="lf-error" role="alert">{problem}</p>}</div>;
}
