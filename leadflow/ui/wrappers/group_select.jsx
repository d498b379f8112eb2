// By what the list is grouped; a link that asks for what is not on offer changes nothing.
import { useUrl } from "./kit.js";

export function GroupSelect({ by, offered }) {
  const [, set] = useUrl();
  return (
    <label className={`lf-filter ${by ? "is-set" : ""}`}>
      <span className="lf-filter__label">Group</span>
      <select value={by ?? ""} onChange={(event) => set({ group: event.target.value })}>
        <option value="">None</option>
        {offered.map((each) => <option key={each.value} value={each.value}>{each.label}</option>)}
      </select>
    </label>
  );
}
