// The tree of the history: people, their days, the sessions of a day. Each level is asked for when it is opened, and what is
// open stays open when it is asked for again. Text nodes only.
import * as api from "../lib/api.js";
import { paintAvatar } from "../lib/avatar.js";
import { now } from "../lib/clock.js";
import { fromTemplate, place, setText } from "../lib/dom.js";
import { apiQuery, badgesOf, correctionWords, dayWords, secondsNow, sessionBadges, spokenHours, timesWords } from "./state.js";

const GROWS_EVERY_MS = 15_000;

export class Tree {
  #keys = new WeakMap(); // element -> what it shows

  /** `hooks`: filters(), onCorrect(session, element) or null where nobody corrects, onError(error). */
  constructor(root, about, formats, hooks) {
    Object.assign(this, { root, about, formats, hooks });
    root.addEventListener("click", (event) => this.#clicked(event));
    setInterval(() => this.#grow(), GROWS_EVERY_MS);
  }

  showPeople(people, countedAt) {
    this.#showLevel(this.root, people, (person) => person.userId, (element, person) => this.#person(element, person, countedAt));
  }

  /** Of one person: also the first level of "My attendance", where `userId` is null. */
  showDays(list, days, userId, countedAt) {
    this.#showLevel(list, days, (day) => day.day, (element, day) => this.#day(element, { ...day, userId }, countedAt));
  }

  /** Asks again for what is open below. */
  async refreshOpened(list = this.root) {
    for (const button of list.querySelectorAll(":scope > .branch > .branch-button[aria-expanded=true]")) {
      await this.#load(button.parentElement);
    }
  }

  #showLevel(list, items, keyOf, draw) {
    const known = new Map([...list.children].map((element) => [this.#keys.get(element)?.key, element]));
    let next = list.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      const element = known.get(key) ?? fromTemplate(item.clockInAt ? "session-template" : "branch-template");
      known.delete(key);
      this.#keys.set(element, { ...this.#keys.get(element), key });
      if (element === next) next = next.nextElementSibling;
      else place(list, element, next);
      draw(element, item);
    }
    for (const element of known.values()) element.remove();
  }

  #person(element, person, countedAt) {
    this.#branch(element, person, person.name, countedAt, { userId: person.userId });
    const disc = element.querySelector(".disc");
    if (!disc.hidden) return;
    disc.hidden = false;
    paintAvatar(disc, { id: person.userId, name: person.name, avatarUrl: person.avatarUrl });
  }

  #day(element, day, countedAt) {
    this.#branch(element, day, dayWords(day.day), countedAt, { userId: day.userId, day: day.day });
  }

  #branch(element, sums, name, countedAt, where) {
    this.#keys.set(element, { ...this.#keys.get(element), where });
    setText(element.querySelector(".branch-name"), name);
    showBadges(element.querySelector(".badges"), badgesOf(sums));
    this.#hours(element.querySelector(".hours"), sums, countedAt);
  }

  #session(element, session, countedAt) {
    this.#keys.set(element, { ...this.#keys.get(element), session });
    const times = timesWords(session, this.formats);
    setText(element.querySelector(".session-times"), times);
    showBadges(element.querySelector(".badges"), sessionBadges(session));
    this.#hours(element.querySelector(".hours"), { seconds: session.seconds, active: session.clockOutAt ? 0 : 1 }, countedAt);
    const correct = element.querySelector(".session-correct");
    correct.hidden = !this.hooks.onCorrect || session.isLocked;
    correct.setAttribute("aria-label", `Correct ${times}`);
    const history = element.querySelector(".session-history");
    history.hidden = session.corrections.length === 0;
    history.replaceChildren(...session.corrections.map((each) => line(correctionWords(each, this.formats))));
  }

  #hours(element, sums, countedAt) {
    this.#keys.set(element, { sums, countedAt: Date.parse(countedAt) });
    element.classList.toggle("grows", sums.active > 0);
    this.#say(element);
  }

  #grow() {
    for (const element of this.root.querySelectorAll(".grows")) this.#say(element);
  }

  #say(element) {
    const { sums, countedAt } = this.#keys.get(element);
    setText(element, spokenHours(secondsNow(sums, countedAt, now())));
  }

  #clicked(event) {
    const correct = event.target.closest(".session-correct");
    if (correct) {
      const element = correct.closest(".session");
      this.hooks.onCorrect(this.#keys.get(element).session, element);
      return;
    }
    const button = event.target.closest(".branch-button");
    if (button) this.#toggle(button);
  }

  async #toggle(button) {
    const opens = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(opens));
    const list = button.nextElementSibling;
    if (!opens) {
      list.hidden = true;
      return;
    }
    await this.#load(button.parentElement);
    list.hidden = button.getAttribute("aria-expanded") === "false";
  }

  /** The level below a person or a day. */
  async #load(element) {
    const { where } = this.#keys.get(element);
    const list = element.querySelector(":scope > .twigs");
    const person = where.userId ? { userId: where.userId } : {};
    try {
      if (where.day) {
        const { status } = this.hooks.filters();
        const query = new URLSearchParams({ organizationId: this.about.organizationId, day: where.day, ...person });
        if (status) query.set("status", status);
        const { items, countedAt } = await api.get(`/api/attendance/sessions?${query}`);
        this.#showLevel(list, items, ({ id }) => id, (each, session) => this.#session(each, session, countedAt));
        return;
      }
      const filters = { ...this.hooks.filters(), search: "" };
      const { items, countedAt } = await api.get(`/api/attendance/days?${apiQuery(filters, this.about, { ...person, limit: 400 })}`);
      this.showDays(list, items, where.userId, countedAt);
      await this.refreshOpened(list);
    } catch (error) {
      this.hooks.onError(error);
    }
  }
}

function showBadges(element, badges) {
  element.replaceChildren(...badges.map(({ word, kind }) => {
    const badge = document.createElement("span");
    badge.className = `badge-word badge-${kind}`;
    badge.textContent = word;
    return badge;
  }));
}

function line(text) {
  return Object.assign(document.createElement("li"), { textContent: text });
}
