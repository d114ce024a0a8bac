// The list below the bell: fetched when it opens, marked as read by following or all at once, live while it is open.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { paintAvatar } from "../lib/avatar.js";
import { formats, now, showRelative } from "../lib/clock.js";
import { byId } from "../lib/dom.js";
import { loadStyles } from "../lib/lazy.js";
import { untilTime } from "../lib/time.js";
import { pathOf, wordsOf } from "./words.js";

const PAGE = 20;
const PATH = "/api/notifications";

export class NotificationList {
  #menu = byId("bell-menu");
  #items = new Map();
  #cursor = null;
  #asked = 0;

  /** `showCount(count)` of what is unread. */
  constructor(showCount) {
    this.showCount = showCount;
    const head = make("div", "bell-head");
    this.readAll = button("Mark all as read", () => this.#readAll());
    head.append(Object.assign(make("h2", "bell-title"), { textContent: "Notifications" }), this.readAll);
    this.list = make("ul", "bell-list");
    this.list.setAttribute("aria-label", "Notifications");
    this.state = Object.assign(make("p", "bell-state"), { hidden: true });
    this.state.setAttribute("role", "status");
    this.more = button("Show older ones", () => this.#load(this.#cursor));
    this.more.hidden = true;
    const settings = Object.assign(make("a", "bell-settings"), { href: "/settings#notifications", textContent: "Notification settings" });
    this.#menu.replaceChildren(head, this.list, this.state, this.more, settings);
    loadStyles("notifications.css").catch(() => {});
  }

  open() {
    this.#load();
  }

  /** Something new, or null: another page has read something. */
  hear(notification) {
    if (!this.#menu.matches(":popover-open")) return;
    if (!notification) return this.#load();
    this.#items.get(notification.id)?.remove();
    this.#put([notification]);
    this.list.prepend(this.#items.get(notification.id));
    this.#say();
  }

  async #load(cursor = null) {
    const asked = ++this.#asked;
    try {
      const page = await api.get(`${PATH}?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      if (asked !== this.#asked) return;
      if (!cursor) {
        this.#items.clear();
        this.list.replaceChildren();
      }
      this.#put(page.items);
      this.#cursor = page.nextCursor;
      this.more.hidden = !page.nextCursor;
      this.showCount(page.unreadCount);
      if (cursor) this.#items.get(page.items[0]?.id)?.querySelector("a").focus();
      this.#say();
    } catch (error) {
      if (asked === this.#asked) this.#say(`They cannot be shown now. ${error.message}`);
    }
  }

  #put(items) {
    for (const item of items) {
      this.#items.set(item.id, this.#element(item));
      this.list.append(this.#items.get(item.id));
    }
  }

  #say(problem = "") {
    const empty = this.#items.size ? "" : "Nothing yet. You hear here when somebody mentions or assigns you, and before deadlines.";
    this.state.textContent = problem || empty;
    this.state.hidden = !this.state.textContent;
    this.readAll.hidden = !this.list.querySelector(".is-unread");
  }

  #element(item) {
    const { who, what, where } = wordsOf(item, (at) => untilTime(new Date(at), now(), formats));
    const element = make("li", `bell-item${item.readAt ? "" : " is-unread"}`);
    const link = Object.assign(make("a", "bell-link"), { href: pathOf(item) });
    const disc = make("span", "disc");
    disc.setAttribute("aria-hidden", "true");
    if (item.actor) paintAvatar(disc, { id: item.actor.userId, name: who, avatarUrl: item.actor.avatarUrl });
    else disc.textContent = "!";
    const text = make("span", "bell-text");
    const sentence = make("span", "bell-sentence");
    if (who) sentence.append(Object.assign(make("strong"), { textContent: who }), " ");
    sentence.append(what);
    text.append(sentence);
    if (item.excerpt) text.append(Object.assign(make("span", "bell-excerpt"), { textContent: item.excerpt }));
    const facts = make("span", "bell-facts");
    const time = make("time");
    showRelative(time, item.createdAt);
    facts.append(...(where ? [where, " · "] : []), time);
    text.append(facts);
    link.append(disc, text);
    if (!item.readAt) link.append(Object.assign(make("span", "visually-hidden bell-unread"), { textContent: "(unread)" }));
    link.addEventListener("click", () => this.#follow(item, element));
    element.append(link);
    return element;
  }

  /** The request outlives the page that the link may leave. */
  #follow(item, element) {
    this.#menu.hidePopover();
    if (!element.classList.contains("is-unread")) return;
    this.#markRead(element);
    api.post(`${PATH}/read`, { ids: [item.id] }, { keepalive: true }).then(({ unreadCount }) => this.showCount(unreadCount), () => {});
  }

  async #readAll() {
    try {
      const { unreadCount } = await api.post(`${PATH}/read`, { all: true });
      for (const element of this.#items.values()) this.#markRead(element);
      this.showCount(unreadCount);
      this.#say();
      announce("All marked as read.");
      (this.list.querySelector("a") ?? byId("bell")).focus();
    } catch (error) {
      this.#say(error.message);
    }
  }

  #markRead(element) {
    element.classList.remove("is-unread");
    element.querySelector(".bell-unread")?.remove();
  }
}

function make(tag, className = "") {
  return Object.assign(document.createElement(tag), { className });
}

function button(text, run) {
  const element = Object.assign(make("button", "btn btn-sm"), { type: "button", textContent: text });
  element.addEventListener("click", run);
  return element;
}
