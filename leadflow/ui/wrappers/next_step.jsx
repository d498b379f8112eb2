// What to do next with a lead and why, when to reach it, and when it is usually decided.
import { useEffect } from "react";
import { useLead } from "./lead_store.js";
import { Icon, Skeleton, exactTime, may, number, useMe, useRest, useUrl } from "./kit.js";
import "./next_step.css";

// A number keeps its unit on its line.
const whole = (text) => text.replaceAll(" %", "\u00a0%");
const ICONS = { call: "Phone", email: "Mail", edit_phone: "Pencil", close_lost: "Lost" };

// What a step opens; on a phone the part that it opens is behind a tab.
function useStep(onClose) {
  const { intend, lead } = useLead();
  const [, setUrl] = useUrl();
  return (does) => {
    if (does === "close_lost") return onClose("lost", lead.stage);
    setUrl({ tab: does === "edit_phone" ? "facts" : "" });
    intend(does === "edit_phone" ? { edit: "phone" } : { log: does });
  };
}

function StepButton({ step, isFirst, take }) {
  const { lead } = useLead();
  const href = { call: lead.phone && `tel:${lead.phone}`, email: lead.email && `mailto:${lead.email}` }[step.does];
  const look = `lf-button ${isFirst ? "lf-button--primary" : ""}`;
  const face = <><Icon name={ICONS[step.does] ?? "ChevronRight"} /> {step.label}</>;
  return href
    ? <a className={look} href={href} onClick={() => take(step.does)}>{face}</a>
    : <button type="button" className={look} onClick={() => take(step.does)}>{face}</button>;
}

function Step({ step, isFirst, take }) {
  const basis = step.basis === "history" ? `From ${number(step.evidence)} ${step.unit} of your own` : "A rule, without figures of your own";
  return (
    <li className="lf-step">
      <p className="lf-step__reason" title={basis}>{whole(step.reason)}{step.basis === "rule" && <span className="lf-tag">rule</span>}</p>
      {take && <StepButton step={step} isFirst={isFirst} take={take} />}
    </li>
  );
}

function Insight({ insight }) {
  const times = insight.starts_at ? `${exactTime(insight.starts_at)} to ${exactTime(insight.ends_at)}, your time` : undefined;
  return (
    <div className="lf-insight">
      <dt>{insight.title}</dt>
      <dd>
        {insight.text
          ? <><span className="lf-insight__text" title={times}>{whole(insight.text)}</span><span className="lf-insight__why">{whole(insight.why)}</span></>
          : <span className="lf-muted">After {number(insight.missing)} more {insight.unit}{insight.unit === "calls" ? " with an outcome" : ""}</span>}
      </dd>
    </div>
  );
}

export function NextStep({ onClose }) {
  const { id, lead, beat } = useLead();
  const { data, reload } = useRest(`/leads/${id}/intelligence`);
  const me = useMe();
  const take = useStep(onClose);
  useEffect(() => { if (beat > 1) reload(); }, [beat, reload]);
  if (!lead) return null;
  if (!data) return lead.outcome ? null : <section className="lf-card lf-card--padded" aria-busy="true"><Skeleton width={80} /><Skeleton count={3} /></section>;
  if (lead.outcome) return null;
  const [canWrite, { steps, insights }] = [may(me, "leads.write"), data];
  return (
    <section className="lf-card lf-card--padded lf-nextstep" aria-labelledby="next-title">
      <h2 id="next-title" className="lf-heading">Next step</h2>
      {steps.length === 0
        ? <p className="lf-muted lf-nextstep__none">Nothing is due now.</p>
        : <ol className="lf-steps">{steps.map((step, index) => <Step key={step.name} step={step} isFirst={index === 0} take={canWrite ? take : null} />)}</ol>}
      {insights.length > 0 && <dl className="lf-insights">{insights.map((each) => <Insight key={each.name} insight={each} />)}</dl>}
    </section>
  );
}
