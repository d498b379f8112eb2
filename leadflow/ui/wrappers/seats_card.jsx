// How many people may belong to the organization, who takes the seats, and what it has used this month.
import { Icon, Skeleton, number, plural } from "./kit.js";
import "./seats.css";

const WAY_OUT = "Suspend somebody, revoke an invitation, or ask whoever runs this installation for more.";

function inWords({ limit, used, reserved }) {
  const taken = limit === null ? plural(used, "person", "people") : `${number(used)} of ${plural(limit, "seat")}`;
  const open = reserved === 1 ? "one invitation open" : reserved ? `${number(reserved)} invitations open` : "no invitation open";
  return [taken, open];
}

function note({ limit, used, free }) {
  if (limit === null) return "There is no limit to seats here.";
  if (used > limit) return `More people than seats: nobody has to leave, and nobody can join. ${WAY_OUT}`;
  if (free === 0) return `No seat is left. ${WAY_OUT}`;
  return `${free === 1 ? "One more person" : `${number(free)} more people`} can be invited.`;
}

function Bar({ limit, used, reserved }) {
  const share = (count) => `${Math.min(100, (100 * count) / limit)}%`;
  return (
    <span className="lf-seats__bar" aria-hidden="true">
      <span style={{ width: share(used) }} />
      <span className="is-reserved" style={{ width: share(Math.min(reserved, Math.max(0, limit - used))) }} />
    </span>
  );
}

function Figures({ data }) {
  const upTo = (count) => (count >= data.most ? `${number(data.most)}+` : number(count));
  const figures = [
    ["Leads this month", upTo(data.leads), "Leads that came in since the month began, and are still here"],
    ["Events this month", upTo(data.events), "Everything that was recorded since the month began: what leads did, and what was done with them"],
    ["API keys", number(data.api_keys), "Keys that are neither revoked nor expired"],
    ["Open forms", number(data.forms), "Hosted forms that take answers"],
  ];
  return (
    <dl className="lf-seats__figures">
      {figures.map(([label, figure, help]) => <div key={label} title={help}><dt>{label}</dt><dd className="lf-number">{figure}</dd></div>)}
    </dl>
  );
}

export function SeatsCard({ usage }) {
  const { data, error, reload } = usage;
  if (!data && error) {
    return (
      <p className="lf-invited__failed lf-muted" role="alert">
        The seats could not be counted. <button type="button" className="lf-button lf-button--small" onClick={reload}><Icon name="Reload" size={14} /> Try again</button>
      </p>
    );
  }
  if (!data) return <Skeleton shape="entry" />;
  const { seats } = data;
  const [taken, open] = inWords(seats);
  return (
    <section className={`lf-seats ${seats.free === 0 ? "is-full" : ""}`} aria-label="Seats and usage">
      <div className="lf-seats__who">
        <p><strong className="lf-number">{taken}</strong>, {open}</p>
        {seats.limit !== null && <Bar {...seats} />}
        <p className="lf-seats__note">{note(seats)}</p>
      </div>
      <Figures data={data} />
    </section>
  );
}
