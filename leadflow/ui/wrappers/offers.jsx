// A bar that says how many leads are offered to me, and the list behind it.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Band, ClaimButton, Dialog, Empty, Icon, age, exactTime, number, plural, useNow, useOffers, when, words } from "./kit.js";
import "./offers.css";

const MINUTE = 60_000;
const SHORT = 2 * MINUTE;

// Seconds are told while they count: in the list that somebody looks at.
function useSeconds() {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(ticking);
  }, []);
  return now;
}

function remaining(left) {
  if (left < MINUTE) return `${Math.ceil(left / 1000)} s`;
  return age(0, left);
}

function Left({ until, now }) {
  return <span className={`lf-left lf-number ${until - now < SHORT ? "is-short" : ""}`} title={`Dealt to somebody at ${exactTime(until)}`}>{until > now ? `${remaining(until - now)} left` : "Being dealt"}</span>;
}

function Row({ offer, now, onTake }) {
  const name = offer.name || offer.company || "Somebody without a company";
  return (
    <li className="lf-offerlist__row">
      <div className="lf-offerlist__what">
        {offer.is_in_reach
          ? <Link className="lf-offerlist__name lf-clip" to={`/leads/${offer.id}`} title={name}><bdi>{name}</bdi></Link>
          : <span className="lf-offerlist__name lf-clip" title={name}><bdi>{name}</bdi></span>}
        {offer.name && offer.company && <span className="lf-offerlist__company lf-clip lf-muted" title={offer.company}><bdi>{offer.company}</bdi></span>}
        <span className="lf-offerlist__about lf-muted">
          {offer.source && <span className="lf-clip">{words(offer.source)}</span>}
          <span title={`Offered ${exactTime(offer.offered_at)} by the rule ${offer.rule}`}>{when(offer.offered_at, now)}</span>
          {offer.until && <Left until={offer.until} now={now} />}
        </span>
      </div>
      <span className="lf-offerlist__score"><span className="lf-number">{Math.round(offer.score)}<span className="lf-visually-hidden"> points</span></span> <Band band={offer.band} /></span>
      <ClaimButton id={offer.id} name={name} onTake={onTake} />
    </li>
  );
}

// While somebody looks, what is offered keeps its place: a better one that comes in stands last.
function useSteadyOrder(items) {
  const places = useRef(new Map());
  for (const { id } of items) if (!places.current.has(id)) places.current.set(id, places.current.size);
  return [...items].sort((a, b) => places.current.get(a.id) - places.current.get(b.id));
}

function List({ items, total }) {
  const now = useSeconds();
  const ordered = useSteadyOrder(items);
  const list = useRef(null);
  const focusNext = useRef(null);
  useEffect(() => {
    if (focusNext.current === null) return;
    const buttons = list.current?.querySelectorAll("button") ?? [];
    (buttons[Math.min(focusNext.current, buttons.length - 1)] ?? list.current?.closest("dialog")?.querySelector("button"))?.focus();
    focusNext.current = null;
  }, [items]);
  if (!items.length) return <div ref={list}><Empty title="Nothing is offered to you now. New offers appear above the board." /></div>;
  return (
    <div ref={list}>
      <ul className="lf-offerlist" aria-label="Offered leads">
        {ordered.map((offer, place) => <Row key={offer.id} offer={offer} now={now} onTake={() => { focusNext.current = place; }} />)}
      </ul>
      {total > items.length && <p className="lf-offerlist__more lf-muted">The best {number(items.length)} of {number(total)}.</p>}
    </div>
  );
}

export function OffersBar() {
  const { items, total } = useOffers();
  const [isOpen, setOpen] = useState(false);
  const now = useNow();
  const ends = items.map((each) => each.until).filter((until) => until > now);
  return (
    <>
      {total > 0 && (
        <div className="lf-offers" role="region" aria-label="Offers">
          <Icon name="Hand" />
          <span className="lf-offers__text">{plural(total, "lead is", "leads are")} offered to you</span>
          {ends.length > 0 && <span className="lf-offers__next lf-number">the next is dealt in {remaining(Math.min(...ends) - now)}</span>}
          <button type="button" className="lf-button lf-button--small" aria-haspopup="dialog" onClick={() => setOpen(true)}>Show</button>
        </div>
      )}
      <Dialog isOpen={isOpen} heading="Offered to you" onClose={() => setOpen(false)}><List items={items} total={total} /></Dialog>
    </>
  );
}
