// Who else has this lead open.
import { useLead } from "./lead_store.js";
import { useNames } from "./use_names.js";
import { Avatar, plural } from "./kit.js";

const SHOWN = 3;

function sentence(names) {
  if (names.length === 1) return `${names[0]} is here too`;
  const [last, rest] = names.length > SHOWN ? [plural(names.length - SHOWN + 1, "other"), names.slice(0, SHOWN - 1)] : [names.at(-1), names.slice(0, -1)];
  return `${rest.join(", ")} and ${last} are here too`;
}

export function LeadPresence() {
  const { here } = useLead();
  const { people } = useNames();
  const there = here.map((id) => people.get(id) ?? { id, name: "Somebody" });
  return (
    <span className="lf-here" role="status">
      {there.length > 0 && (
        <>
          <span className="lf-here__faces" aria-hidden="true">{there.slice(0, SHOWN).map((person) => <Avatar key={person.id} person={person} size={22} />)}</span>
          <span title={there.map((person) => person.name).join(", ")}>{sentence(there.map((person) => person.name))}</span>
        </>
      )}
    </span>
  );
}
