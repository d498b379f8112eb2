// People and stages by their keys, for whoever has to name them.
import { useMemo } from "react";
import { useOnce } from "./rest.js";

const listOf = (answer, key) => (Array.isArray(answer) ? answer : answer?.[key] ?? answer?.items ?? []);

export function useNames() {
  const people = useOnce("/people");
  const stages = useOnce("/stages");
  return useMemo(() => ({
    people: new Map(listOf(people, "people").map((each) => [each.id, each])),
    stages: new Map(listOf(stages, "stages").map((each) => [each.key, each.name])),
  }), [people, stages]);
}
