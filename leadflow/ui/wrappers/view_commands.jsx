// Saved views in the palette, on every page.
import { useNavigate } from "react-router";
import { may, useMe, useViews } from "./kit.js";
import { useCommands } from "./commands.js";
import { addressOf, openable, titlesOf } from "./view_params.js";

function Commands() {
  const { items } = useViews();
  const navigate = useNavigate();
  useCommands(() => {
    const views = openable(items);
    const titles = titlesOf(views);
    return views.map((view, at) => ({ label: `Open view ${titles[at]}`, isAskedFor: true, run: () => navigate(addressOf(view.layout, view)) }));
  }, [items]);
  return null;
}

export function ViewCommands() {
  return may(useMe(), "leads.read") ? <Commands /> : null;
}
