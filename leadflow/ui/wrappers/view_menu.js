// What can be done with a view, by whoever looks at it: names for a menu, and what each does.
import { may } from "./frame.jsx";
import { arrangeViews, chooseDefault, deleteView, duplicateView, pinView, shareView, takeView } from "./views.js";
import { ALL, tabsOf } from "./view_params.js";

const when = (isSo, key, name) => (isSo ? [{ key, name }] : []);
const PAGE = { board: "The board", list: "The list of leads" };

function defaultsFor(id, layout, defaults, me, isForAll) {
  const { mine, organization } = defaults[layout];
  return [
    ...when(mine !== id, "mine", "Set as my default"), ...when(mine === id, "not-mine", "No longer my default"),
    ...(may(me, "settings.manage") && isForAll ? [...when(organization !== id, "ours", "Set as everybody's default"), ...when(organization === id, "not-ours", "No longer everybody's default")] : []),
  ];
}

// Of what the page shows without a view.
export const allItems = ({ defaults }, layout, me) => defaultsFor(ALL, layout, defaults, me, false);

export function itemsOf(view, { items, defaults }, me) {
  const isShown = view.withheld.length === 0;
  const tabs = tabsOf(items, view.layout);
  const at = tabs.findIndex((each) => each.id === view.id);
  return [
    ...when(view.may_change, "rename", "Rename…"), ...when(isShown, "copy", "Duplicate"),
    ...when(at < 0 && isShown, "pin", "Pin as a tab"), ...when(at > 0, "left", "Move earlier"), ...when(at >= 0 && at < tabs.length - 1, "right", "Move later"), ...when(at >= 0, "unpin", "Unpin"),
    ...(isShown ? defaultsFor(view.id, view.layout, defaults, me, view.is_shared) : []),
    ...when(!view.is_shared && may(me, "leads.write"), "share", "Share with everybody"), ...when(view.is_shared && view.may_change, "unshare", "Stop sharing"),
    ...when(view.may_change && !view.is_mine && !view.owner_is_here, "take", "Take over"), ...when(view.may_change, "delete", "Delete"),
  ];
}

// What an entry does; `rename` and where to go after deleting are the page's.
export function doWith(key, view, views, me, { rename, leave, back, layout = view?.layout }) {
  const id = view?.id ?? ALL;
  const name = view ? `“${view.name}”` : "all leads";
  const tabs = tabsOf(views.items, layout);
  const at = tabs.findIndex((each) => each.id === id);
  const does = {
    rename: () => rename(view), copy: () => duplicateView(view), pin: () => pinView(view, true), unpin: () => pinView(view, false),
    left: () => arrangeViews(tabs, view, at - 1), right: () => arrangeViews(tabs, view, at + 1), share: () => shareView(view, true), unshare: () => shareView(view, false), take: () => takeView(view, me),
    mine: () => chooseDefault(layout, "me", id, `${PAGE[layout]} opens with ${name} for you.`), "not-mine": () => chooseDefault(layout, "me", null, "You have no default any more."),
    ours: () => chooseDefault(layout, "organization", id, `${PAGE[layout]} opens with ${name} for everybody.`), "not-ours": () => chooseDefault(layout, "organization", null, "There is no default for everybody any more."),
    delete: async () => { if (await deleteView(view, back)) leave?.(); },
  };
  return does[key]?.();
}
