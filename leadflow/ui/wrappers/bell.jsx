// The bell in the top bar: how many notifications are unread, and the panel that opens from it.
import { useCallback, useEffect, useRef, useState } from "react";
import { Icon, rest } from "./kit.js";
import { NoticePanel } from "./notice_panel.jsx";
import { badge, bellWords } from "./notice_rules.js";
import { useNoticeNews } from "./notices.js";
import "./notices.css";

function useUnread() {
  const [count, setCount] = useState(0);
  const beat = useNoticeNews();
  useEffect(() => {
    let wanted = true;
    rest("GET", "/notifications/counts").then((answer) => wanted && setCount(answer.unread), () => {});
    return () => { wanted = false; };
  }, [beat]);
  return count;
}

// More than before is said aloud; fewer is what the reader has done.
function useSaidAloud(count) {
  const before = useRef(count);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (count > before.current) setSaid(`${badge(count)} unread ${count === 1 ? "notification" : "notifications"}`);
    before.current = count;
  }, [count]);
  return said;
}

// What floats beside the page closes when the reader turns to the page; a message with its Undo belongs to both.
const belongs = (element, box) => box?.contains(element) || element.closest?.(".lf-toasts");

export function Bell() {
  const [isOpen, setOpen] = useState(false);
  const [bell, box] = [useRef(null), useRef(null)];
  const count = useUnread();
  const said = useSaidAloud(count);
  const close = useCallback((isDone) => {
    setOpen(false);
    if (!isDone) bell.current?.focus();
  }, []);
  useEffect(() => {
    if (!isOpen) return undefined;
    const away = (event) => { if (!belongs(event.target, box.current)) setOpen(false); };
    document.addEventListener("pointerdown", away, true);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away, true);
      document.removeEventListener("focusin", away);
    };
  }, [isOpen]);
  return (
    <div ref={box} className="lf-bell">
      <button
        ref={bell} type="button" className="lf-bell__button" aria-label={bellWords(count)} aria-expanded={isOpen} aria-haspopup="dialog" title="Notifications"
        data-command="Open notifications" data-key="g n" onClick={() => setOpen((before) => !before)}
      >
        <Icon name="Bell" size={18} />
        {count > 0 && <span className="lf-bell__count lf-number" aria-hidden="true">{badge(count)}</span>}
      </button>
      <span className="lf-visually-hidden" role="status">{said}</span>
      {isOpen && <NoticePanel unread={count} onClose={close} />}
    </div>
  );
}
