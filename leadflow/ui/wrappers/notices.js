// My notifications: when to ask for them again, and marking them. The feed says when they have changed.
import { News, useNews } from "./news.js";
import { rest } from "./rest.js";
import { failed, toast } from "./toasts.jsx";
import { plural } from "./format.js";

const AT_ONCE = 500;
const news = new News("notifications");

// A number that grows whenever my notifications may have changed.
export const useNoticeNews = () => useNews(news);

async function told(attempt, otherwise) {
  try {
    return await attempt();
  } catch (error) {
    failed(otherwise, error);
    return null;
  } finally {
    news.tell();
  }
}

export const markNotice = (notice, isRead) => told(() => rest("POST", `/notifications/${notice.id}/${isRead ? "read" : "unread"}`), "The notification could not be marked.");

export async function markAllNotices() {
  const marked = await told(() => rest("POST", "/notifications/read"), "Your notifications could not be marked.");
  if (!marked?.ids.length) return;
  const again = { ids: marked.ids.slice(0, AT_ONCE) };
  toast(`${plural(marked.ids.length, "notification")} marked as read.`, { undo: () => told(() => rest("POST", "/notifications/unread", again), "That could not be taken back.") });
}
