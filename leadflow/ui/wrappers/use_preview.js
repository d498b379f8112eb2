// What a request would do, asked anew as the form changes; the answer of before stays until there is one.
import { useEffect, useState } from "react";
import { rest } from "./rest.js";

const PAUSE_MS = 250;

// `body`: null while the form does not say enough. Answers {preview, error, isLooking}.
export function usePreview(path, body) {
  const key = body && JSON.stringify(body);
  const [state, setState] = useState({});
  useEffect(() => {
    if (!key) return setState({});
    const controller = new AbortController();
    setState(({ preview }) => ({ preview, isLooking: true }));
    const timer = setTimeout(() => rest("POST", path, JSON.parse(key), { signal: controller.signal }).then(
      (preview) => setState({ preview }), (error) => error.name === "AbortError" || setState({ error }),
    ), PAUSE_MS);
    return () => { clearTimeout(timer); controller.abort(); };
  }, [path, key]);
  return state;
}
