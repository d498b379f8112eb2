// How notifications stand in their list, and what becomes of the list as some are read. Pure.

// Days with their notifications, in the order in which they come; `headingOf` names the day of a moment.
export function byDay(items, headingOf) {
  const days = [];
  for (const item of items) {
    const heading = headingOf(item.at);
    if (days.at(-1)?.heading !== heading) days.push({ heading, items: [] });
    days.at(-1).items.push(item);
  }
  return days;
}

// The list after one was marked, before the server says so: where only unread ones are shown, a read one leaves.
export function marked(items, id, isRead, onlyUnread) {
  const next = items.map((item) => (item.id === id ? { ...item, is_read: isRead } : item));
  return onlyUnread ? next.filter((item) => !item.is_read) : next;
}

// What stands on the bell; the server counts up to a hundred.
export const badge = (count) => (count > 99 ? "99+" : String(count));

export const bellWords = (count) => (count ? `Notifications, ${badge(count)} unread` : "Notifications");
