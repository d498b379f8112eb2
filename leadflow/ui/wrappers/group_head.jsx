// The head of a group: what it is called, how many leads it has, what they are worth and how warm they are.
import { memo } from "react";
import { Avatar, Icon, number, plural } from "./kit.js";
import { groupName, sumsOf } from "./group_words.js";

const BANDS = { hot: "Flame", warm: "Sun", cold: "Snowflake" };

function Mark({ by, name, people }) {
  if (by === "owner") return <Avatar person={people.get(name)} />;
  if (by === "band" && BANDS[name]) return <span className={`lf-band lf-band--${name}`}><Icon name={BANDS[name]} size={14} /></span>;
  return null;
}

// Sums stand beside each other, as many as there are currencies, the largest first.
export function Sums({ values, most = 3 }) {
  const sums = sumsOf(values);
  if (!sums.length) return null;
  const exact = sums.map((sum) => sum.exact).join(" + ");
  return <span className="lf-number" title={exact}>{sums.slice(0, most).map((sum) => sum.short).join(" + ")}{sums.length > most && ` + ${plural(sums.length - most, "currency", "currencies")}`}</span>;
}

// Without a `top`, it stays in sight while its leads go by.
export const GroupHead = memo(function GroupHead({ slot, by, names, index, top, onFold }) {
  const isHeld = top === undefined;
  const { key, total, isFolded } = slot;
  const name = groupName(by, key, names);
  return (
    <div role="row" aria-rowindex={index + 2} className={`lf-group ${isHeld ? "is-held" : ""}`} style={isHeld ? undefined : { transform: `translateY(${top}px)` }}>
      <div role="cell" className="lf-group__cell">
        <button type="button" className="lf-group__name" aria-expanded={!isFolded} onClick={() => onFold(key, index)} data-group={key}>
          <Icon name={isFolded ? "ChevronRight" : "ChevronDown"} size={14} />
          <Mark by={by} name={key} people={names.people} />
          <bdi className="lf-clip">{name}</bdi>
        </button>
        <span className="lf-group__count lf-number" title={plural(total.count, "lead")}>{number(total.count)}<span className="lf-visually-hidden"> {total.count === 1 ? "lead" : "leads"}</span></span>
        <Sums values={total.values} />
        {total.mean !== null && <span className="lf-group__mean lf-muted lf-number">mean score {total.mean}</span>}
      </div>
    </div>
  );
});
