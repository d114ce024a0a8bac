// "What others see of me now": asked of the server, which answers exactly what those people get.
import * as api from "../lib/api.js";
import { showRelative } from "../lib/clock.js";
import { byId, setText } from "../lib/dom.js";
import { seenAs } from "./words.js";

const PATH = "/api/presence/preview";
const SETTLED_MS = 1_000; // the moment somebody was last seen is written a little after they hide

export class Preview {
  #cards = [...byId("viewers").children];
  #name = byId("viewers").dataset.name;
  #asking = false;
  #again = false;
  #settled = null;

  /** Something of the person changed. */
  changed() {
    this.refresh();
    clearTimeout(this.#settled);
    this.#settled = setTimeout(() => this.refresh(), SETTLED_MS);
  }

  /** However often it is told that something changed, one question is under way at a time; the last answer counts. */
  async refresh() {
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#again) {
      this.#again = false;
      await this.#ask();
    }
    this.#asking = false;
  }

  show(preview) {
    for (const card of this.#cards) {
      const { viewer } = card.dataset;
      card.hidden = !(viewer in preview);
      if (!card.hidden) fill(card, preview[viewer], this.#name);
    }
  }

  showLive(isLive) {
    byId("preview-live").hidden = !isLive;
  }

  async #ask() {
    try {
      this.show(await api.get(PATH));
      byId("preview-problem").hidden = true;
    } catch (error) {
      setText(byId("preview-problem"), `This may be out of date. ${error.message}`);
      byId("preview-problem").hidden = false;
    }
  }
}

function fill(card, seen, myName) {
  const { dot, name, word, custom, device, lastSeen } = seenAs(seen, myName);
  const part = (name) => card.querySelector(`.viewer-${name}`);
  const before = card.textContent;
  part("sees").classList.toggle("is-unknown", !seen);
  part("sees").dataset.dot = dot;
  setText(part("person"), name);
  setText(part("custom"), custom);
  setText(part("word"), word);
  setText(part("device"), device);
  const time = part("state").querySelector("time");
  time.hidden = !lastSeen;
  if (lastSeen) showRelative(time, lastSeen);
  if (card.textContent !== before) flash(card);
}

/** Draws the eye to the card that has changed. */
function flash(card) {
  for (const animation of card.getAnimations()) animation.cancel();
  card.classList.remove("is-changed");
  requestAnimationFrame(() => card.classList.add("is-changed"));
}
