// The rules of assignment: shown changed before the server agrees, taken back when it does not; and what they would have done.
import { useEffect, useRef, useState } from "react";
import { failed, rest, toast, useRest } from "./kit.js";

const PATH = "/assignment-rules";
const SETTLES_MS = 350;
export const bodyOf = ({ id, position, ...said }) => said;

export function useRules() {
  const { data, error, reload } = useRest(PATH);
  const [rows, setRows] = useState(null);
  useEffect(() => { if (data) setRows(data.items); }, [data]);

  const order = async (now, said, undoTo) => {
    const before = rows;
    setRows(now);
    try {
      setRows((await rest("PUT", `${PATH}/order`, { rules: now.map((rule) => rule.id) })).items);
      toast(said, { undo: undoTo ? () => order(undoTo, "The rules are in their order again.") : null });
    } catch (problem) {
      setRows(before);
      failed("The order was not changed.", problem);
      reload();
    }
  };
  const move = (rule, to) => {
    const others = rows.filter((each) => each.id !== rule.id);
    const now = [...others.slice(0, to), rule, ...others.slice(to)];
    return order(now, `${rule.name} is rule ${to + 1} of ${rows.length} now.`, rows);
  };
  const toggle = async (rule, isOn, isUndo = false) => {
    const show = (value) => setRows((before) => before.map((each) => (each.id === rule.id ? { ...each, is_on: value } : each)));
    show(isOn);
    try {
      await rest("PUT", `${PATH}/${rule.id}`, bodyOf({ ...rule, is_on: isOn }));
      toast(`${rule.name} is ${isOn ? "on" : "off"}.`, { undo: isUndo ? null : () => toggle(rule, !isOn, true) });
    } catch (problem) {
      show(!isOn);
      failed(`${rule.name} was not switched.`, problem);
    }
  };
  const place = async (id, at) => {
    const { items } = await rest("GET", PATH);
    const ids = items.map((rule) => rule.id).filter((each) => each !== id);
    if (at < ids.length) await rest("PUT", `${PATH}/order`, { rules: [...ids.slice(0, at), id, ...ids.slice(at)] });
  };
  const again = async (rule, at) => {
    try {
      const made = await rest("POST", PATH, bodyOf(rule));
      await place(made.id, at);
      toast(`${rule.name} is back.`);
    } catch (problem) {
      failed(`${rule.name} was not made again.`, problem);
    }
    reload();
  };
  const remove = async (rule) => {
    const at = rows.indexOf(rule);
    setRows(rows.filter((each) => each !== rule));
    try {
      await rest("DELETE", `${PATH}/${rule.id}`);
      toast(`${rule.name} is removed. What it decided keeps its proof.`, { undo: () => again(rule, at) });
    } catch (problem) {
      failed(`${rule.name} was not removed.`, problem);
    }
    reload();
  };
  // A rule is asked last when it is made; `at` says where it belongs.
  const save = async (id, body, at) => {
    const kept = await rest(id ? "PUT" : "POST", id ? `${PATH}/${id}` : PATH, body);
    if (!id) await place(kept.id, at).catch((problem) => failed(`${kept.name} is saved and asked last.`, problem));
    await reload();
    return kept;
  };
  const known = { strategies: data?.strategies ?? [] };
  return { rows, ...known, error: rows ? null : error, reload, move, toggle, remove, save };
}

// What these rules would have done; asked once nothing has changed for a moment, and only the latest answer counts.
export function useTrial(rules, days) {
  const [tries, setTries] = useState(0);
  const [state, setState] = useState({ trial: null, error: null, isOld: true });
  const asked = rules && JSON.stringify({ rules: rules.map(bodyOf), days });
  const isFirst = useRef(true);
  useEffect(() => {
    if (!asked) return undefined;
    const controller = new AbortController();
    setState((before) => ({ ...before, isOld: true }));
    const timer = setTimeout(async () => {
      try {
        const trial = await rest("POST", `${PATH}/dry-run`, JSON.parse(asked), { signal: controller.signal });
        setState({ trial, error: null, isOld: false });
      } catch (error) {
        if (error.name !== "AbortError") setState((before) => ({ ...before, error, isOld: false }));
      }
    }, isFirst.current ? 0 : SETTLES_MS);
    isFirst.current = false;
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [asked, tries]);
  return { ...state, retry: () => setTries((before) => before + 1) };
}

// Who and which teams a rule may name.
export function usePeopleAndTeams() {
  const people = useRest("/people");
  const teams = useRest("/teams");
  const error = (people.data ? null : people.error) ?? (teams.data ? null : teams.error);
  const reload = () => { people.reload(); teams.reload(); };
  return { names: people.data && teams.data ? { people: people.data.items, teams: teams.data.items } : null, error, reload };
}
