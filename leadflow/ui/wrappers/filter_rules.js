// Conditions as a tree, from the URL and back, and how one is changed at a place in it: pure.
const CAPTURED = { today: "today", "7d": "last_7_days", "30d": "last_30_days" };
const SHORT = { stage: (said) => said.split(","), source: (said) => said.split(","), owner: (said) => [said] };
export const MOST = 20;

export const partsOf = (node) => node.all ?? node.any ?? null;
export const howOf = (node) => (node.any ? "any" : "all");
export const group = (how, parts) => ({ [how]: parts });
export const isGroup = (node) => partsOf(node) !== null;

export const leavesOf = (node) => (isGroup(node) ? partsOf(node).flatMap(leavesOf) : [node]);

function isNode(node) {
  if (typeof node !== "object" || node === null || Array.isArray(node)) return false;
  if ("all" in node || "any" in node) return Object.keys(node).length === 1 && Array.isArray(partsOf(node)) && partsOf(node).length > 0 && partsOf(node).every(isNode);
  return typeof node.field === "string" && typeof node.op === "string";
}

function read(text) {
  if (!text) return { node: null, isUnread: false };
  try {
    const node = JSON.parse(text);
    return isNode(node) ? { node, isUnread: false } : { node: null, isUnread: true };
  } catch {
    return { node: null, isUnread: true };
  }
}

function shorthands(params) {
  const found = Object.entries(SHORT).filter(([key]) => params.get(key)).map(([key, values]) => ({ field: key, op: "any_of", value: values(params.get(key)) }));
  const captured = CAPTURED[params.get("captured")];
  return captured ? [...found, { field: "captured_at", op: "within", value: captured }] : found;
}

// All that the URL asks for as one group; `isUnread` where its conditions are none.
export function treeOf(params) {
  const { node, isUnread } = read(params.get("where"));
  const short = shorthands(params);
  if (short.length === 0 && node && isGroup(node)) return { tree: node, isUnread };
  const rest = node === null ? [] : node.all ?? [node];
  return { tree: group("all", [...short, ...rest]), isUnread };
}

// What to set in the URL for a tree.
export function urlOf(tree) {
  const parts = partsOf(tree);
  const written = parts.length === 1 ? parts[0] : tree;
  return { stage: "", source: "", owner: "", captured: "", where: parts.length ? JSON.stringify(written) : "" };
}

export const at = (tree, path) => path.reduce((node, index) => partsOf(node)[index], tree);

// The tree with another node at a place; null takes it away, and groups that have nothing left with it.
export function put(tree, [index, ...deeper], node) {
  if (index === undefined) return node;
  const parts = partsOf(tree);
  const changed = deeper.length ? put(parts[index], deeper, node) : node;
  const kept = index === parts.length ? [...parts, changed] : parts.map((part, each) => (each === index ? changed : part));
  return group(howOf(tree), kept.filter((part) => part !== null && !(isGroup(part) && partsOf(part).length === 0)));
}

export const add = (tree, path, node) => put(tree, [...path, partsOf(at(tree, path)).length], node);
export const turn = (tree, path, how) => (path.length ? put(tree, path, group(how, partsOf(at(tree, path)))) : group(how, partsOf(tree)));

// The field's currency where all that is asked for has one.
export function currencyOf(tree) {
  const [only] = (tree.all ?? []).filter((part) => part.field === "currency" && part.op === "any_of");
  return only?.value?.length === 1 ? only.value[0] : undefined;
}
