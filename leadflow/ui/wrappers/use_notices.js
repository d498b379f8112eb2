// The notifications that a panel shows: as many as were asked for, asked for anew when they have changed.
import { useCallback, useEffect, useRef, useState } from "react";
import { query, rest } from "./rest.js";
import { marked } from "./notice_rules.js";
import { markNotice, useNoticeNews } from "./notices.js";

const PAGE = 30;

async function first(wanted, onlyUnread) {
  const items = [];
  let cursor = "";
  do {
    const page = await rest("GET", `/notifications${query({ limit: PAGE, cursor, unread: onlyUnread ? "true" : "" })}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < wanted);
  return { items, isMore: Boolean(cursor) };
}

export function useNotices() {
  const [state, setState] = useState({ items: null, isMore: false, error: null });
  const [wanted, setWanted] = useState(PAGE);
  const [onlyUnread, setOnlyUnread] = useState(false);
  const beat = useNoticeNews();
  const turn = useRef(0);
  const load = useCallback(async () => {
    const mine = ++turn.current;
    try {
      const found = await first(wanted, onlyUnread);
      if (mine === turn.current) setState({ ...found, error: null });
    } catch (error) {
      if (mine === turn.current) setState((before) => ({ ...before, error }));
    }
  }, [wanted, onlyUnread]);
  useEffect(() => { load(); }, [load, beat]);
  const mark = (notice, isRead) => {
    turn.current += 1;
    setState((before) => ({ ...before, items: marked(before.items, notice.id, isRead, onlyUnread) }));
    markNotice(notice, isRead);
  };
  const show = (isOnly) => {
    if (isOnly === onlyUnread) return;
    setState({ items: null, isMore: false, error: null });
    setWanted(PAGE);
    setOnlyUnread(isOnly);
  };
  return { ...state, onlyUnread, setOnlyUnread: show, mark, more: () => setWanted((before) => before + PAGE), reload: load };
}
