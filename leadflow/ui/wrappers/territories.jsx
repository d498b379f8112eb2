// Territories, in the order in which they are asked: a lead is of the first that it fits.
import { useEffect, useRef, useState } from "react";
import { Dialog, Empty, Failed, Icon, Skeleton, failed, rest, toast, useRest } from "./kit.js";
import { conditionWords, poolWords } from "./rule_words.js";
import { RowMenu } from "./row_menu.jsx";
import { TerritoryEditor } from "./territory_editor.jsx";
import "./work.css";
import "./territories.css";

const capitalised = (text) => text[0].toUpperCase() + text.slice(1);

function Row({ territory, place, last, names, act }) {
  const { name } = territory;
  const every = place === last ? "Every other lead" : "Every lead: no territory below is asked";
  const leads = territory.conditions ? capitalised(conditionWords(territory.conditions)) : every;
  const whose = capitalised(poolWords(territory.pool, names).text);
  const items = [
    { key: "edit", name: "Edit" },
    ...(place > 0 ? [{ key: "up", name: "Ask earlier" }] : []),
    ...(place < last ? [{ key: "down", name: "Ask later" }] : []),
    { key: "remove", name: "Remove" },
  ];
  return (
    <li className="lf-territory" id={`territory-${territory.id}`}>
      <span className="lf-territory__place lf-number lf-muted" aria-hidden="true">{place + 1}</span>
      <button type="button" className="lf-territory__name lf-clip" title={`${name}: edit`} aria-label={`Edit ${name}`} onClick={() => act(territory, "edit")}><bdi>{name}</bdi></button>
      <span className="lf-territory__leads lf-clip" title={leads}><bdi>{leads}</bdi></span>
      <span className="lf-clip lf-muted" title={whose}><bdi>{whose}</bdi></span>
      <RowMenu name={name} label={`More for ${name}`} items={items} onPick={(what) => act(territory, what)} />
    </li>
  );
}

export function Territories() {
  const { data, error, reload } = useRest("/territories");
  const people = useRest("/people");
  const teams = useRest("/teams");
  const [edited, setEdited] = useState(null);
  const [root, focusNext] = [useRef(null), useRef(null)];
  // Where the keyboard goes on once what was asked for is drawn.
  useEffect(() => {
    if (!focusNext.current) return;
    (root.current?.querySelector(`[id="${focusNext.current}"] [aria-haspopup]`) ?? root.current?.querySelector(".lf-button--primary"))?.focus();
    focusNext.current = null;
  }, [data]);
  const broken = [{ error, reload }, people, teams].find((each) => each.error);
  if (broken) return <Failed what="The territories could not be loaded." error={broken.error} retry={broken.reload} />;
  if (!data || !people.data || !teams.data) return <Skeleton shape="row" count={3} />;

  const rows = data.items;
  const put = ({ id, name, conditions, pool }, position) => rest("PUT", `/territories/${id}`, { name, conditions, pool, position });
  const restore = async ({ name, conditions, pool, position }) => {
    await rest("POST", "/territories", { name, conditions, pool, position }).catch((problem) => failed("It was not put back.", problem));
    reload();
  };
  const act = async (territory, what) => {
    if (what === "edit") return setEdited(territory);
    try {
      if (what === "remove") {
        await rest("DELETE", `/territories/${territory.id}`);
        toast(`The territory ${territory.name} is removed.`, { undo: () => restore(territory) });
      } else await put(territory, rows.indexOf(territory) + (what === "up" ? -1 : 1));
      focusNext.current = `territory-${territory.id}`;
      reload();
    } catch (problem) {
      failed(what === "remove" ? "It was not removed." : "It was not moved.", problem);
    }
  };
  const names = { people: people.data.items, teams: teams.data.items };
  const button = <button type="button" className="lf-button lf-button--primary" onClick={() => setEdited({})}><Icon name="Plus" /> Add a territory</button>;
  return (
    <div className="lf-territories" ref={root}>
      {rows.length === 0 ? <Empty title="Territories say whose a lead is by what is known of it: its country, postcode or size. Rules can ask for them, and the strategy “By territory” lets their people take turns.">{button}</Empty> : (
        <>
          <div className="lf-actions">{button}</div>
          <div className="lf-territories__table">
            <div className="lf-territory lf-territory--head" aria-hidden="true"><span /><span>Territory</span><span>Leads</span><span>Whose they are</span><span /></div>
            <ol aria-label="Territories">
              {rows.map((each, place) => <Row key={each.id} territory={each} place={place} last={rows.length - 1} names={names} act={act} />)}
            </ol>
          </div>
        </>
      )}
      <Dialog isOpen={edited !== null} heading={edited?.id ? "Edit territory" : "Add a territory"} onClose={() => setEdited(null)}>
        {edited && <TerritoryEditor key={edited.id ?? "new"} territory={edited} names={names} onCancel={() => setEdited(null)} onDone={() => { setEdited(null); reload(); }} />}
      </Dialog>
    </div>
  );
}
