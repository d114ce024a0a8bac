// Which people are on the page: the search, its address, and the pages of the list that follow the first one.
import { announce, toast } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { byId } from "../lib/dom.js";

const TYPING_PAUSE_MS = 250;
const PAGE = 60;
const MOST_BY_ITSELF = 1_000; // people; beyond that somebody has to ask for more
const AHEAD = "600px"; // fetched before the end comes into sight

export class Listing {
  #form = byId("people-search");
  #more = byId("people-more");
  #cursor = byId("people").dataset.next || null;
  #abort = null;
  #pause = null;
  #isEndNear = false;

  /** `hooks`: onReplaced(items), onAdded(items); `size()` is how many people are on the page. */
  constructor(hooks) {
    this.hooks = hooks;
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#search(); });
    this.#form.addEventListener("input", () => this.#searchSoon());
    this.#more.firstElementChild.addEventListener("click", (event) => { event.preventDefault(); this.#loadMore(); });
    byId("people-none").querySelector("a").addEventListener("click", (event) => { event.preventDefault(); this.#clear(); });
    const end = new IntersectionObserver(([{ isIntersecting }]) => this.#endIs(isIntersecting), { rootMargin: AHEAD });
    end.observe(this.#more);
  }

  get query() {
    return this.#form.elements.q.value.trim();
  }

  get #organization() {
    return this.#form.elements.organization?.value ?? "";
  }

  get isNarrowed() {
    return Boolean(this.query || this.#organization);
  }

  get hasMore() {
    return this.#cursor !== null;
  }

  /** What shows the same again; the status, which the server never hears of, is the page's own. */
  address(status) {
    const query = new URLSearchParams();
    if (this.query) query.set("q", this.query);
    if (this.#organization) query.set("organization", this.#organization);
    if (status) query.set("status", status);
    return query.size ? `/people?${query}` : "/people";
  }

  /** The end may still be in sight after a short page; an observer tells only of changes. */
  goOn() {
    this.#endIs(this.#isEndNear);
  }

  #searchSoon() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#search(), TYPING_PAUSE_MS);
  }

  #clear() {
    this.#form.elements.q.value = "";
    if (this.#form.elements.organization) this.#form.elements.organization.value = "";
    this.#form.elements.q.focus();
    this.#search();
  }

  async #search() {
    clearTimeout(this.#pause);
    const items = await this.#fetch(null);
    if (!items) return;
    this.hooks.onReplaced(items);
    announce(foundWords(items.length, this.hasMore));
  }

  async #loadMore() {
    if (!this.hasMore || this.#abort) return;
    const items = await this.#fetch(this.#cursor);
    if (items) this.hooks.onAdded(items);
  }

  /** The next items, or null: overtaken by another search, or refused. */
  async #fetch(cursor) {
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    const query = new URLSearchParams({ limit: PAGE });
    if (this.query) query.set("search", this.query);
    if (this.#organization) query.set("organizationId", this.#organization);
    if (cursor) query.set("cursor", cursor);
    try {
      const page = await api.get(`/api/people?${query}`, { signal: abort.signal });
      this.#cursor = page.nextCursor;
      this.#more.hidden = !this.hasMore;
      return page.items;
    } catch (error) {
      if (!abort.signal.aborted) toast(error.message, { label: "Try again", run: () => (cursor ? this.#loadMore() : this.#search()) });
      return null;
    } finally {
      if (this.#abort === abort) this.#abort = null;
    }
  }

  #endIs(near) {
    this.#isEndNear = near;
    if (near && this.hooks.size() < MOST_BY_ITSELF) this.#loadMore();
  }
}

function foundWords(count, hasMore) {
  if (count === 0) return "Nobody found.";
  return count === 1 ? "1 person found." : `${count}${hasMore ? " or more" : ""} people found.`;
}
