// People, stages and teams by their keys, for whoever has to name them.
import { useMemo } from "react";
import { useOnce } from "./rest.js";

const itemsOf = (answer) => answer?.items ?? [];
const named = (answer, key) => new Map(itemsOf(answer).map((each) => [each[key], each.name]));

// `closed`: the stages in which nothing is open any more. Teams only for those who ask.
export function useNames({ withTeams = false } = {}) {
  const people = useOnce("/people");
  const stages = useOnce("/stages");
  const teams = useOnce(withTeams ? "/teams" : "/stages");
  return useMemo(() => ({
    people: new Map(itemsOf(people).map((each) => [each.id, each])),
    stages: named(stages, "key"),
    closed: new Set(itemsOf(stages).filter((each) => each.kind !== "open").map((each) => each.key)),
    teams: named(withTeams ? teams : null, "id"),
  }), [people, stages, teams, withTeams]);
}
