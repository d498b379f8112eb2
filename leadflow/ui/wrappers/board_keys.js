// The board without a mouse: arrows walk between cards, and a lifted card goes from column to column.

export const WALKING_KEYS = [{ label: "From card to card", key: "← ↑ ↓ →" }, { label: "Open the lead", key: "Enter" }];
export const MOVING_KEYS = [{ label: "Choose a stage", key: "m" }, { label: "Lift the card, and drop it", key: "Space" }];

function cardsOf(column) {
  return [...column.querySelectorAll("[data-card] a")];
}

export function walk(event) {
  const card = event.target.closest("[data-card]");
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (!card || !step || event.target.closest("[role=menu]")) return;
  event.preventDefault();
  const column = card.closest("[data-stage]");
  if (step[1]) {
    const links = cardsOf(column);
    return focus(links[links.findIndex((link) => card.contains(link)) + step[1]]);
  }
  const { top } = card.getBoundingClientRect();
  const distance = (link) => Math.abs(link.closest("[data-card]").getBoundingClientRect().top - top);
  const columns = [...column.parentElement.querySelectorAll("[data-stage]")];
  for (let at = columns.indexOf(column) + step[0]; columns[at]; at += step[0]) {
    const links = cardsOf(columns[at]);
    if (links.length) return focus(links.reduce((best, link) => (distance(link) < distance(best) ? link : best)));
  }
}

function focus(link) {
  link?.focus();
  link?.closest("[data-card]").scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function columnToColumn(event, { context: { active, over, droppableRects, droppableContainers, collisionRect } }) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.code];
  if (["ArrowUp", "ArrowDown"].includes(event.code)) event.preventDefault();
  if (!step) return undefined;
  event.preventDefault();
  const columns = droppableContainers.getEnabled().map((each) => [each.id, droppableRects.get(each.id)]);
  columns.sort(([, a], [, b]) => a.left - b.left);
  const at = columns.findIndex(([id]) => id === (over?.id ?? active.data.current.stage));
  const rect = columns[at + step]?.[1];
  return rect && collisionRect ? { x: rect.left + Math.min(12, rect.width / 4), y: Math.max(rect.top + 48, collisionRect.top) } : undefined;
}

export const instructions = {
  draggable: "Press Enter to open, arrow keys to walk, m to choose a stage. Or press Space to lift the card, left and right arrows to carry it, Space to drop it, Escape to put it back.",
};

export function announcements(nameOf, stageNames) {
  const name = (active) => nameOf(active.data.current.id);
  return {
    onDragStart: ({ active }) => `Lifted ${name(active)} from ${stageNames.get(active.data.current.stage)}.`,
    onDragOver: ({ active, over }) => (over ? `${name(active)} is over ${stageNames.get(over.id)}.` : `${name(active)} is over no stage.`),
    onDragEnd: ({ active, over }) => (over ? `${name(active)} dropped in ${stageNames.get(over.id)}.` : `${name(active)} put back.`),
    onDragCancel: ({ active }) => `${name(active)} put back.`,
  };
}
