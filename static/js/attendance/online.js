// Who is clocked in now, and when they were seen as far as they let the viewer see it.
import * as api from "../lib/api.js";
import { paintAvatar } from "../lib/avatar.js";
import { now } from "../lib/clock.js";
import { byId, fromTemplate, place, setText } from "../lib/dom.js";
import { LivePresence } from "../people/live.js";
import { Pace, grouped, seenWords } from "./state.js";

const SETTLE_MS = 2_000; // updates are gathered so long
const PACE_MS = 5_000; // and asked for no more often than this
const AT_LEAST_MS = 60_000;
const AGAIN_MS = 15_000; // "3 min ago" grows older by itself
const LIVE = { live: "Live", lost: "Reconnecting", connecting: "Connecting" };

export class Online {
  #people = new Map(); // user id -> as the API tells it
  #elements = new Map();
  #presence = new Map();

  /** `onChanged`: somebody clocked in or out, so that more than this panel is old. */
  constructor(begin, formats, onChanged) {
    Object.assign(this, { about: begin, formats });
    this.pace = new Pace(() => this.refresh(), { settleMs: SETTLE_MS, paceMs: PACE_MS, clock: () => performance.now() });
    this.live = new LivePresence({
      watched: () => [...this.#people.keys()],
      everybody: () => [...this.#people.keys()],
      hear: (users) => this.#hear(users),
      onState: showLive,
    });
    this.live.on("attendance_changed", ({ organizationId }) => {
      if (organizationId !== begin.organizationId) return;
      this.pace.ask();
      onChanged();
    });
    this.show(begin.online);
  }

  start() {
    this.live.start();
    setInterval(() => document.hidden || this.pace.ask(), AT_LEAST_MS);
    setInterval(() => this.#say(), AGAIN_MS);
    document.addEventListener("visibilitychange", () => document.hidden || this.pace.ask());
  }

  async refresh() {
    try {
      this.show(await api.get(`/api/attendance/online?organizationId=${this.about.organizationId}`));
    } catch {
      // What is shown stays; the next round asks again.
    }
  }

  show({ items, total }) {
    const list = byId("online");
    this.#people = new Map(items.map((person) => [person.userId, person]));
    for (const [id, element] of this.#elements) {
      if (this.#people.has(id)) continue;
      element.remove();
      this.#elements.delete(id);
    }
    let next = list.firstElementChild;
    for (const person of items) {
      const element = this.#elements.get(person.userId) ?? this.#make(person);
      if (element === next) next = next.nextElementSibling;
      else place(list, element, next);
    }
    setText(byId("online-count"), grouped(total));
    const hidden = total - items.length;
    byId("online-note").hidden = total > 0 && hidden === 0;
    setText(byId("online-note"), total ? `and ${grouped(hidden)} more` : "Nobody is clocked in.");
    this.#say();
    this.live.watchAgain();
  }

  #make(person) {
    const element = fromTemplate("online-template");
    paintAvatar(element.querySelector(".disc"), { id: person.userId, name: person.name, avatarUrl: person.avatarUrl });
    setText(element.querySelector(".agent-name"), person.name);
    setText(element.querySelector(".agent-email"), person.email);
    this.#elements.set(person.userId, element);
    return element;
  }

  #hear(users) {
    for (const user of users) this.#presence.set(user.userId, user);
    this.#say();
  }

  #say() {
    for (const [id, person] of this.#people) {
      const element = this.#elements.get(id);
      const { word, dot } = seenWords(person, this.#presence.get(id), now(), this.formats);
      setText(element.querySelector(".agent-seen"), word);
      element.dataset.dot = dot;
    }
  }
}

function showLive(state) {
  byId("online-live").dataset.state = state;
  setText(byId("online-live").lastElementChild, LIVE[state]);
}
