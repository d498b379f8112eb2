// What a page opens with: its default view when its address says nothing, and meanwhile no leads that are not meant.
import { useEffect, useRef } from "react";
import { useNavigate, useNavigationType, useSearchParams } from "react-router";
import { toast } from "./toasts.jsx";
import { Skeleton } from "./parts.jsx";
import { useViews } from "./views.js";
import { ALL, addressOf, currentOf, isSame, namesOnly, openable, paramsOf, saysNothing } from "./view_params.js";

// Where the address has to say more: null when it says it all. Taking filters away one by one replaces the address and
// opens nothing: a default is for whoever comes to the page.
function wantedOf({ items, defaults, isLoaded, error }, search, layout, isComing) {
  if (!isComing || error) return null;
  const isBare = saysNothing(search);
  if (!isBare && !namesOnly(search)) return null;
  if (!isLoaded) return { isWaiting: true };
  const id = isBare ? defaults[layout].opens : search.get("view");
  const view = openable(items).find((each) => each.id === id && each.layout === layout);
  return view && id !== ALL && (isBare || !isSame(view.params, {})) ? { view } : null;
}

function useWanted(layout) {
  const views = useViews();
  const [search] = useSearchParams();
  const isComing = useNavigationType() !== "REPLACE";
  return [wantedOf(views, search, layout, isComing), views, search];
}

// Draws the leads of a page once it is known which are meant.
export function opened(layout, Drawn) {
  return function Opened(props) {
    const [wanted] = useWanted(layout);
    return wanted ? <div className="lf-opening" aria-busy="true"><Skeleton shape="row" count={8} /></div> : <Drawn {...props} />;
  };
}

// Writes into the address what a view holds: when it is opened by its name alone, and when somebody has changed it while
// it was looked at as it was.
export function useOpening(layout) {
  const [wanted, { items }, search] = useWanted(layout);
  const navigate = useNavigate();
  const go = (view) => navigate(addressOf(layout, view), { replace: true });
  useEffect(() => { if (wanted?.view) go(wanted.view); }, [wanted?.view?.id]);
  const { view } = currentOf(items, search, layout);
  const seen = useRef(null);
  useEffect(() => {
    const before = seen.current;
    seen.current = view;
    if (wanted || !view || before?.id !== view.id || isSame(before.params, view.params)) return;
    if (isSame(paramsOf(search), view.params) || !isSame(paramsOf(search), before.params)) return;
    go(view);
    toast(`${view.changed_by || "Somebody"} changed “${view.name}”.`);
  }, [view]);
}
