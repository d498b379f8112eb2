// What is to be done about the lead on screen.
import { useEffect, useState } from "react";
import { useLead } from "./lead_store.js";
import { Failed, Skeleton, may, number, useMe, useNow, useRest, useTaskNews } from "./kit.js";
import { TaskDialog } from "./task_form.jsx";
import { TaskLine } from "./task_line.jsx";
import { TaskRow } from "./task_row.jsx";
import "./tasks.css";

const SHOWN = 50;

export function LeadTasks() {
  const { id, lead, beat, error: leadError } = useLead();
  const { data, error, reload } = useRest(`/tasks?lead=${id}&limit=${SHOWN}`);
  const [edited, setEdited] = useState(null);
  const news = useTaskNews();
  const me = useMe();
  const now = useNow();
  const canWrite = may(me, "leads.write");
  useEffect(() => { if (beat > 1 || news > 0) reload(); }, [beat, news, reload]);
  if (!lead && leadError) return null;
  if (!data && error) return <section className="lf-card"><Failed what="Its tasks could not be loaded." error={error} retry={reload} /></section>;
  if (!data || !me) return <section className="lf-card lf-card--padded" aria-busy="true"><Skeleton width={80} /><Skeleton count={3} /></section>;
  const { items } = data;
  return (
    <section className="lf-card lf-card--padded lf-leadtasks" aria-labelledby="tasks-title">
      <h2 id="tasks-title" className="lf-heading">Tasks{items.length > 0 && <span className="lf-daypart__count lf-number">{number(items.length)}{data.next_cursor && "+"}</span>}</h2>
      {items.length > 0 && (
        <ul className="lf-tasks" aria-label="Open tasks">
          {items.map((task) => <TaskRow key={task.id} task={task} now={now} canWrite={canWrite} showsLead={false} me={me.account?.id} onEdit={setEdited} />)}
        </ul>
      )}
      {items.length === 0 && <p className="lf-muted lf-leadtasks__none">{canWrite ? "Nothing is planned. Write what comes next." : "Nothing is planned."}</p>}
      {canWrite && <TaskLine lead={id} shortcut="t" placeholder="Call tomorrow 10:00" />}
      <TaskDialog task={edited} onClose={() => setEdited(null)} />
    </section>
  );
}
