// The live rules, the draft that somebody makes of them, and a backtest of it.
import { useEffect, useMemo, useRef, useState } from "react";
import { rest, toast, useRest } from "./kit.js";
import { configOf, draftOf, isSame, rekeyed } from "./scoring_draft.js";

const PATH = "/scoring";
const KEPT = "lf-scoring-draft";
const LOOKS_MS = 1_000;
const DAYS = 90;

function kept() {
  const stored = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  return stored && { ...stored, draft: rekeyed(stored.draft) };
}

// Asks again every second for as long as it is wanted.
function useAgain(isWanted, ask) {
  const asking = useRef(ask);
  asking.current = ask;
  useEffect(() => {
    if (!isWanted) return undefined;
    const timer = setInterval(() => asking.current(), LOOKS_MS);
    return () => clearInterval(timer);
  }, [isWanted]);
}

export function useScoring() {
  const { data, error, reload } = useRest(PATH);
  const [live, setLive] = useState(null);
  const [state, setState] = useState(null);
  const isFirst = useRef(true);
  useEffect(() => { if (data) setLive(data); }, [data]);
  useEffect(() => {
    if (!live || !isFirst.current) return;
    isFirst.current = false;
    const stored = kept();
    setState(stored ? { ...stored, wasKept: true } : { draft: draftOf(live.config), basedOn: live.number, wasKept: false });
  }, [live]);
  useAgain(Boolean(live?.rescoring), reload);

  const config = useMemo(() => state && configOf(state.draft), [state]);
  const isChanged = Boolean(live && config && !isSame(config, live.config));
  useEffect(() => {
    if (!state) return undefined;
    if (!isChanged) { sessionStorage.removeItem(KEPT); return undefined; }
    sessionStorage.setItem(KEPT, JSON.stringify({ draft: state.draft, basedOn: state.basedOn }));
    const warn = (event) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [state, isChanged]);
  const left = useRef(false);
  left.current = isChanged;
  useEffect(() => () => { if (left.current) toast("Your rules are not live yet. They are kept here until you close this tab."); }, []);

  const start = (from, basedOn = from.number) => setState({ draft: draftOf(from.config ?? from), basedOn, wasKept: false });
  return {
    live, error: live ? null : error, reload, config, isChanged, ...state,
    set: (part) => setState((before) => ({ ...before, draft: { ...before.draft, ...part } })),
    toDefaults: () => start(live.defaults, state.basedOn),
    discard: () => start(live),
    // The next answer is where the draft begins anew.
    begin: () => { sessionStorage.removeItem(KEPT); isFirst.current = true; reload(); },
    // Whatever has gone live since is where the next draft begins.
    follow: (now) => { setLive(now); start(now); },
  };
}

// A backtest: asked for, looked at until it is done, and old as soon as the rules are others than those it was about.
export function useBacktest(config) {
  const [state, setState] = useState({ about: null, test: null, error: null });
  const { test } = state;
  const isRunning = Boolean(test && ["waiting", "running"].includes(test.state));
  const take = (part) => setState((before) => ({ ...before, ...part }));
  const run = async () => {
    take({ about: config, test: null, error: null, isAsking: true });
    try {
      take({ test: await rest("POST", `${PATH}/backtests`, { config, days: DAYS }), isAsking: false });
    } catch (error) {
      take({ error, isAsking: false });
    }
  };
  useAgain(isRunning, async () => {
    try {
      const now = await rest("GET", `${PATH}/backtests/${test.id}`);
      setState((before) => (before.test?.id === now.id ? { ...before, test: now, error: null } : before));
    } catch (error) {
      if (error.status === 404) take({ test: null, error });
    }
  });
  const isBusy = Boolean(state.isAsking) || isRunning;
  return { ...state, run, isBusy, isOld: Boolean(state.about && config && !isSame(state.about, config)), forget: () => take({ about: null, test: null, error: null }) };
}
