// One person's profile: fills what templates/people/macros.html lays out, on its page and beside the directory.
import { formats, now, showRelative, showTime } from "../lib/clock.js";
import { setText } from "../lib/dom.js";
import { colourOf, paintAvatar } from "../lib/avatar.js";
import { knownLocales } from "../lib/time.js";
import { customWords } from "../presence/status_state.js";
import { localTime } from "./local_time.js";
import { describePresence, roleOf } from "./state.js";

const CLOCK_REFRESH_MS = 10_000;

export class Profile {
  #person = null;

  /** `article` is the profile's element; `me` the id of the viewer. */
  constructor(article, me) {
    Object.assign(this, { article, me });
    setInterval(() => this.#showClock(), CLOCK_REFRESH_MS);
  }

  get userId() {
    return this.#person?.userId ?? null;
  }

  /** Shows somebody else, or, with null, nobody. */
  open(person) {
    this.#person = person;
    if (!person) return;
    this.article.dataset.userId = person.userId;
    this.#showFace(person);
    setText(this.#part("name"), person.name);
    setText(this.#part("role"), roleOf(person));
    this.#showFact("email", person.email, (slot) => {
      const link = slot.firstElementChild;
      link.href = `mailto:${encodeURIComponent(person.email).replace("%40", "@")}`;
      setText(link, person.email);
    });
    this.#showFact("boards", person.sharedBoards.length, (slot) => {
      slot.firstElementChild.replaceChildren(...person.sharedBoards.map(boardItem));
    });
    this.#showClock();
  }

  /** What is known of the person's presence; nothing before the first news. */
  hear(presence) {
    const { word, dot, seen } = describePresence(presence, { withPage: false });
    const time = this.#part("time");
    this.article.dataset.status = presence?.status ?? "";
    this.article.dataset.dot = dot;
    setText(this.#part("word"), word);
    time.hidden = seen === undefined;
    if (seen !== undefined) showRelative(time, presence.lastSeen, seen);
    setText(this.#part("custom"), presence ? customWords(presence) : "");
    const isThere = presence && presence.status !== "offline";
    this.#showText("page", isThere ? presence.currentPage : null);
    this.#showText("device", isThere && presence.device ? capital(presence.device) : null);
    this.#showFact("seen", seen !== undefined, (slot) => {
      showTime(slot.firstElementChild, presence.lastSeen, (date) => formats.seen(date));
    });
  }

  #showFace(person) {
    const disc = this.article.querySelector(".disc");
    disc.className = `disc disc-profile disc-${colourOf(person.userId)}`;
    paintAvatar(disc, { id: person.userId, ...person });
  }

  #showClock() {
    if (!this.#person) return;
    const zone = this.#person.timeZone;
    const words = localTime(zone, now(), { locales: knownLocales(navigator.languages) });
    this.#showFact("clock", this.userId !== this.me && words, (slot) => {
      setText(slot, words);
      slot.title = zone;
    });
  }

  #showFact(name, value, fill) {
    const fact = this.article.querySelector(`[data-fact="${name}"]`);
    fact.hidden = !value;
    if (value) fill(fact.querySelector("dd"));
  }

  /** What is not said any more does not stay in the page either. */
  #showText(name, text) {
    this.#showFact(name, text, () => {});
    setText(this.article.querySelector(`[data-fact="${name}"] dd`), text ?? "");
  }

  #part(name) {
    return this.article.querySelector(`.profile-${name}`);
  }
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function boardItem({ id, name }) {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("a"), { href: `/boards/${id}`, textContent: name }));
  return item;
}
