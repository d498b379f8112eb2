// The time, told anew every half minute to all who show an age.
import { useEffect, useState } from "react";

const EVERY_MS = 30_000;
const tickers = new Set();
let ticking = null;
export function useNow() {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    tickers.add(setNow);
    ticking ??= setInterval(() => tickers.forEach((tick) => tick(Date.now())), EVERY_MS);
    return () => {
      tickers.delete(setNow);
      if (tickers.size > 0) return;
      clearInterval(ticking);
      ticking = null;
    };
  }, []);
  return now;
}
