// Who is away, and until when.
import { useState } from "react";
import { AbsenceForm, said } from "./absence_form.jsx";
import { Avatar, Dialog, Empty, Failed, Icon, Skeleton, failed, may, rest, toast, useMe, useNow, useOnce, useRest } from "./kit.js";
import { RowMenu } from "./row_menu.jsx";
import "./work.css";

export function Absences({ everybody = false }) {
  const me = useMe();
  const people = useOnce("/people")?.items;
  const { data, error, reload } = useRest("/absences");
  const [asked, setAsked] = useState(null);
  const [gone, setGone] = useState([]);
  const now = useNow();
  if (error && !data) return <Failed what="The absences could not be loaded." error={error} retry={reload} />;
  if (!data || !me || !people) return <Skeleton shape="row" count={3} />;
  const isForAll = everybody && may(me, "people.manage");
  const shown = data.items.filter((each) => !gone.includes(each.id) && (isForAll || each.person === me.account.id));
  const nameOf = (id) => people.find((each) => each.id === id)?.name ?? "Somebody who has left";
  const undo = async ({ person, starts_at: starts, ends_at: ends, note }) => {
    try {
      await rest("POST", "/absences", { person, starts_at: new Date(starts).toISOString(), ends_at: new Date(ends).toISOString(), note });
      reload();
    } catch (problem) {
      failed("The absence was not put back.", problem);
    }
  };
  const cancel = async (absence) => {
    setGone((before) => [...before, absence.id]);
    try {
      await rest("DELETE", `/absences/${absence.id}`);
      toast(`${isForAll ? nameOf(absence.person) : "You"} will be there after all.`, { undo: () => undo(absence) });
    } catch (problem) {
      setGone((before) => before.filter((id) => id !== absence.id));
      failed("The absence was not cancelled.", problem);
    }
  };
  const add = <button type="button" className="lf-button lf-button--primary" onClick={() => setAsked("new")}><Icon name="Plus" /> Add an absence</button>;
  const close = () => setAsked(null);
  return (
    <div className="lf-away">
      {shown.length === 0 ? <Empty title={isForAll ? "Everybody is there, as far as is known. Whoever is away gets no new leads." : "You are not away. While you are, new leads go to others."}>{add}</Empty> : (
        <>
          <div className="lf-away__bar">{add}</div>
          <ul className="lf-rows" aria-label="Absences">
            {shown.map((each) => (
              <li key={each.id} className="lf-rows__row">
                {isForAll && <Avatar person={{ id: each.person, name: nameOf(each.person) }} />}
                <div className="lf-rows__main">
                  <span className="lf-rows__title">{isForAll && <><bdi>{nameOf(each.person)}</bdi> · </>}<span className="lf-number">{said(each)}</span>{each.starts_at <= now && <span className="lf-tag lf-tag--warn">Away now</span>}</span>
                  {each.note && <bdi className="lf-muted lf-clip" title={each.note}>{each.note}</bdi>}
                </div>
                <RowMenu name={nameOf(each.person)} label={`More for the absence of ${nameOf(each.person)}, ${said(each)}`} items={[{ key: "change", name: "Change…" }, { key: "cancel", name: "Cancel it" }]} onPick={(what) => (what === "cancel" ? cancel(each) : setAsked(each))} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Dialog isOpen={Boolean(asked)} heading={asked === "new" ? "Add an absence" : "Change the absence"} onClose={close}>
        <AbsenceForm absence={asked === "new" ? null : asked} people={isForAll ? people.filter((each) => each.state === "active") : null} start={{ person: me.account.id }} onDone={() => { close(); reload(); }} onCancel={close} />
      </Dialog>
    </div>
  );
}
