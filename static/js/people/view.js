// Shows the directory: one keyed card each, and a card is touched only when its person changed. A thousand cards
// with twenty changes a second must stay far below a frame, so nothing here reads layout.
import { showRelative } from "../lib/clock.js";
import { byId, fromTemplate, setText } from "../lib/dom.js";
import { paintAvatar } from "../lib/avatar.js";
import { customWords } from "../presence/status_state.js";
import { STATUSES, aboutOf, describePresence, tagOf } from "./state.js";

const FRAME_BUDGET_MS = 6;
const PARTS = ["name", "tag", "word", "time", "device", "about"];

export class DirectoryView {
  #cards = new Map(); // user id -> {element, parts}
  #list = byId("people");
  #pills = new Map([...document.querySelectorAll("[data-show]")].map((pill) => [pill.dataset.show, pill]));
  #status = "";
  #hiddenCards = 0;

  /** `context`: me, onCard(element) for each new card. */
  constructor(directory, context) {
    Object.assign(this, { directory, ...context });
    for (const element of this.#list.children) this.#keep(element);
  }

  add(people) {
    const cards = document.createDocumentFragment();
    for (const person of people) cards.append(this.#newCard(person));
    this.#list.append(cards);
    this.showCounts();
  }

  clear() {
    this.#cards.clear();
    this.#hiddenCards = 0;
    this.#list.replaceChildren();
  }

  cardOf(id) {
    return this.#cards.get(id)?.element;
  }

  /** Shows the persons with these ids again, and takes their ids out; what does not fit into one frame stays in. */
  show(ids) {
    const deadline = performance.now() + FRAME_BUDGET_MS;
    for (const id of ids) {
      const card = this.#cards.get(id);
      if (card) this.#fill(card, id);
      ids.delete(id);
      if (performance.now() > deadline) break;
    }
    this.showCounts();
  }

  /** Keeps in sight who has this status, "" for everybody; answers how many that are. */
  filter(status) {
    this.#status = status;
    for (const [name, pill] of this.#pills) pill.setAttribute("aria-pressed", String(name === status));
    for (const [id, card] of this.#cards) this.#filterOne(card, id);
    return this.#cards.size - this.#hiddenCards;
  }

  get shown() {
    return this.#cards.size - this.#hiddenCards;
  }

  showCounts() {
    const counts = this.directory.counts();
    const all = `${this.directory.people.size}${this.hasMore() ? "+" : ""}`;
    for (const status of ["", ...STATUSES]) {
      setText(this.#pills.get(status).querySelector(".pill-count"), status ? String(counts[status]) : all);
    }
    this.onCounts();
  }

  #newCard(person) {
    const element = fromTemplate("person-card-template");
    element.dataset.userId = person.userId;
    const card = this.#keep(element);
    paintAvatar(element.querySelector(".disc"), { id: person.userId, ...person });
    setText(card.parts.name, person.name);
    card.parts.name.href = `/people/${person.userId}`;
    setText(card.parts.tag, tagOf(person, this.me));
    this.#fill(card, person.userId);
    return element;
  }

  #keep(element) {
    const parts = Object.fromEntries(PARTS.map((name) => [name, element.querySelector(`.card-${name}`)]));
    const card = { element, parts };
    this.#cards.set(element.dataset.userId, card);
    this.onCard(element);
    return card;
  }

  #fill(card, id) {
    const { element, parts } = card;
    const [person, presence] = [this.directory.people.get(id), this.directory.presence.get(id)];
    const { word, dot, seen } = describePresence(presence);
    element.dataset.status = presence?.status ?? "";
    element.dataset.dot = dot;
    setText(parts.word, word);
    parts.time.hidden = seen === undefined;
    if (seen !== undefined) showRelative(parts.time, presence.lastSeen, seen);
    setText(parts.device, presence?.device && presence.status !== "offline" ? presence.device : "");
    const custom = presence ? customWords(presence) : "";
    setText(parts.about, custom || aboutOf(person));
    parts.about.title = presence?.customStatus ?? "";
    parts.about.classList.toggle("is-said", Boolean(custom));
    this.#filterOne(card, id);
  }

  #filterOne({ element }, id) {
    const hidden = !this.directory.isShown(id, this.#status);
    if (element.hidden === hidden) return;
    element.hidden = hidden;
    this.#hiddenCards += hidden ? 1 : -1;
  }
}
