// What happened to the open task: fetched when somebody opens it, page by page, the latest first.
import * as api from "../lib/api.js";
import { formats, showRelative } from "../lib/clock.js";
import { byId, element, setText } from "../lib/dom.js";
import { feedWords } from "./feed_words.js";

const PAGE_SIZE = 20;
const NEWS_DELAY_MS = 1_000;

export class Feed {
  #details = byId("task-feed");
  #list = byId("feed");
  #cursor = null;
  #asked = 0;
  #timer = null;

  /** `path()` is that of the task; `state` knows names. */
  constructor(path, state) {
    Object.assign(this, { path, state });
    this.#details.addEventListener("toggle", () => this.#details.open && this.#load());
    byId("feed-more").addEventListener("click", () => this.#load(this.#cursor));
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#details.open = false;
    this.#list.replaceChildren();
    byId("feed-more").hidden = true;
    setText(byId("feed-state"), "");
  }

  /** The task changed: look again soon, once for many changes, and only while one looks. */
  hearNews() {
    if (!this.#details.open) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), NEWS_DELAY_MS);
  }

  async #load(cursor = null) {
    const asked = ++this.#asked;
    if (!this.#list.children.length) setText(byId("feed-state"), "Loading…");
    const query = new URLSearchParams({ limit: PAGE_SIZE, ...(cursor && { cursor }) });
    try {
      const { items, nextCursor } = await api.get(`${this.path()}/events?${query}`);
      if (asked !== this.#asked) return;
      this.#cursor = nextCursor;
      const kept = cursor ? [...this.#list.children] : [];
      this.#list.replaceChildren(...kept, ...items.map((item) => this.#entry(item)));
      byId("feed-more").hidden = !nextCursor;
      setText(byId("feed-state"), this.#list.children.length ? "" : "Nothing yet.");
    } catch (error) {
      if (asked === this.#asked) setText(byId("feed-state"), `This could not be loaded. ${error.message}`);
    }
  }

  #entry(item) {
    const { members, labels } = this.state;
    const words = feedWords(item, {
      nameOf: (id) => members.get(id)?.name,
      labelOf: (id) => labels.get(id)?.name,
      when: (iso) => formats.seen(new Date(iso)),
    });
    const time = element("time", { className: "feed-time" });
    showRelative(time, item.at);
    return element("li", { className: "feed-entry" },
      element("strong", {}, item.actor?.name ?? "Somebody"), ` ${words} `, time);
  }
}
