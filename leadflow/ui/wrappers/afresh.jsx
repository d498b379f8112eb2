// Children that depend on the address are drawn again once the browser's own is known.
import { Fragment, useEffect, useState } from "react";

export function Afresh({ children }) {
  const [place, setPlace] = useState("prepared");
  useEffect(() => setPlace("here"), []);
  return <Fragment key={place}>{children}</Fragment>;
}
