// The History tab: loads pages of the timeline as one scrolls, by the filters; says when there is nothing or an error.
import * as api from "../lib/api.js";
import { formats, now } from "../lib/clock.js";
import { byId, fromTemplate, option, setText } from "../lib/dom.js";
import { HistoryState, filterQuery, groupByDay, transitionWord } from "./history_state.js";

const PAGE_SIZE = 50;
const NEWS_DELAY_MS = 1_500;

export class History {
  #state = new HistoryState();
  #form = byId("history-filters");
  #panel = byId("history-panel");
  #loading = null; // AbortController of the request under way
  #stale = true;
  #newsTimer = null;

  constructor(boardId) {
    this.path = `/api/boards/${boardId}/activity`;
    this.#form.addEventListener("change", () => this.reload());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    byId("history-retry").addEventListener("click", () => this.#loadMore());
    const seen = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && this.#reachedEnd(), {
      root: this.#panel, rootMargin: "300px",
    });
    seen.observe(byId("history-end"));
  }

  /** The tab was opened. */
  open() {
    if (this.#stale) this.reload();
  }

  /** Somebody's status changed: look soon, once for many changes, and only while one looks. */
  hearNews() {
    if (this.#panel.hidden) {
      this.#stale = true;
      return;
    }
    this.#newsTimer ??= setTimeout(() => { this.#newsTimer = null; this.#loadNews(); }, NEWS_DELAY_MS);
  }

  /** The panel goes away: what is still on its way has no place to be shown. */
  stop() {
    clearTimeout(this.#newsTimer);
    this.#loading?.abort();
  }

  showMembers(members) {
    const select = byId("history-member");
    const chosen = select.value;
    const sorted = [...members].sort((a, b) => a.name.localeCompare(b.name));
    select.replaceChildren(option("", "All members"), ...sorted.map(({ userId, name }) => option(userId, name)));
    select.value = members.some(({ userId }) => userId === chosen) ? chosen : "";
  }

  reload() {
    this.#loading?.abort();
    this.#loading = null;
    this.#stale = false;
    this.#state = new HistoryState();
    byId("timeline").replaceChildren();
    this.#loadMore();
  }

  #reachedEnd() {
    if (!this.#panel.hidden && this.#state.nextCursor && byId("history-retry").hidden) this.#loadMore();
  }

  async #loadMore() {
    if (this.#loading) return;
    const query = this.#query();
    if (this.#state.nextCursor) query.set("cursor", this.#state.nextCursor);
    this.#say(this.#state.items.length ? "Loading more…" : "Loading the history…");
    await this.#fetch(query, (page) => {
      this.#state.append(page);
      this.#draw();
    });
  }

  async #loadNews() {
    if (this.#loading) return this.hearNews();
    await this.#fetch(this.#query(), (page) => {
      if (this.#state.prepend(page) === null) return this.reload();
      this.#draw();
    });
  }

  async #fetch(query, take) {
    const abort = this.#loading = new AbortController();
    try {
      const page = await api.get(`${this.path}?${query}`, { signal: abort.signal });
      if (this.#loading !== abort) return;
      this.#loading = null;
      take(page);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#loading = null;
      this.#say(`The history could not be loaded. ${error.message}`, true);
    }
  }

  #query() {
    return filterQuery(Object.fromEntries(new FormData(this.#form)), PAGE_SIZE);
  }

  /** Days are few and entries keyed, so only what is missing is made. */
  #draw() {
    const entries = [...byId("timeline").querySelectorAll(".timeline-entry")];
    const known = new Map(entries.map((entry) => [entry.dataset.id, entry]));
    byId("timeline").replaceChildren(...groupByDay(this.#state.items, now(), formats).map(({ heading, items }) => {
      const day = fromTemplate("timeline-day-template");
      setText(day.querySelector("h3"), heading);
      day.querySelector("ol").replaceChildren(...items.map((item) => known.get(item.id) ?? entryFor(item)));
      return day;
    }));
    this.#say(this.#outcome());
    // The end may still be in view after a short page; an observer tells only of changes.
    const gap = byId("history-end").getBoundingClientRect().top - this.#panel.getBoundingClientRect().bottom;
    if (gap < 300) this.#reachedEnd();
  }

  #outcome() {
    const filtered = [...new FormData(this.#form).values()].some(Boolean);
    if (this.#state.items.length) return this.#state.nextCursor ? "" : "That is everything.";
    return filtered ? "Nothing matches these filters." : "Nothing has happened yet. Comings and goings appear here.";
  }

  #say(text, failed = false) {
    setText(byId("history-state-text"), text);
    byId("history-state").hidden = !text;
    byId("history-retry").hidden = !failed;
  }
}

function entryFor({ id, name, status, device, updatedAt }) {
  const entry = fromTemplate("timeline-entry-template");
  const date = new Date(updatedAt);
  entry.dataset.id = id;
  entry.dataset.dot = status;
  setText(entry.querySelector(".timeline-name"), name);
  setText(entry.querySelector(".timeline-word"), transitionWord(status));
  setText(entry.querySelector(".timeline-device"), status === "online" ? device ?? "" : "");
  const time = entry.querySelector("time");
  Object.assign(time, { dateTime: updatedAt, title: formats.exact(date), textContent: formats.clock(date) });
  return entry;
}
