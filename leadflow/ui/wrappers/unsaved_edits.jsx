// On every page: sends what waits as soon as the server can be reached, and asks when somebody else was first.
import { useEffect } from "react";
import { ConflictDialog } from "./conflict_dialog.jsx";
import { flush } from "./edits.js";
import { useLiveStatus } from "./live.js";
import { known, useWaiting } from "./unsaved.js";

export function UnsavedEdits() {
  const status = useLiveStatus();
  const count = useWaiting();
  useEffect(() => { known.then(flush); }, []);
  useEffect(() => { if (status === "live") flush(); }, [status, count]);
  useEffect(() => {
    addEventListener("online", flush);
    return () => removeEventListener("online", flush);
  }, []);
  return <ConflictDialog />;
}
