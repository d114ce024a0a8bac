// The pages of the history merged into one timeline, newest first, cut by the viewer's days. Pure.
import { dayHeading } from "../lib/time.js";

const WORDS = { online: "came online", idle: "went idle", away: "went away", busy: "is busy", offline: "went offline" };

export const transitionWord = (status) => WORDS[status] ?? status;

export class HistoryState {
  items = [];
  nextCursor = null;
  #known = new Set();

  /** Adds a later page; answers the items that are new. */
  append({ items, nextCursor }) {
    const fresh = this.#unknown(items);
    this.items.push(...fresh);
    this.nextCursor = nextCursor;
    return fresh;
  }

  /** Adds what happened since; null when the first page does not reach what is known, so that a hole would stay. */
  prepend({ items, nextCursor }) {
    const reaches = !nextCursor || !this.items.length || items.some(({ id }) => this.#known.has(id));
    if (!reaches) return null;
    const fresh = this.#unknown(items);
    this.items.unshift(...fresh);
    return fresh;
  }

  #unknown(items) {
    const fresh = items.filter(({ id }) => !this.#known.has(id));
    for (const { id } of fresh) this.#known.add(id);
    return fresh;
  }
}

/** [{key, heading, items}] in the order given. */
export function groupByDay(items, now, formats) {
  const days = [];
  for (const item of items) {
    const date = new Date(item.updatedAt);
    const key = formats.dayKey(date);
    if (days.at(-1)?.key !== key) days.push({ key, heading: dayHeading(date, now, formats), items: [] });
    days.at(-1).items.push(item);
  }
  return days;
}

/** The query of a filter form's values; a day means the viewer's day, both ends included. */
export function filterQuery({ userId, status, from, to }, limit) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (userId) query.set("userId", userId);
  if (status) query.set("status", status);
  if (from) query.set("from", new Date(`${from}T00:00:00`).toISOString());
  if (to) query.set("to", endOfDay(to).toISOString());
  return query;
}

function endOfDay(day) {
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1); // not plus 24 hours: some days have 23 or 25
  return new Date(end.getTime() - 1);
}
