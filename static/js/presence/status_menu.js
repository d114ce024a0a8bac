// The person's own status: the dot on their avatar and the forms in the account menu, kept the same as on the
// person's other pages. With a socket by its news; without one by asking when one comes back or opens the menu.
// The forms are fetched when somebody is about to open the menu: most pages are left without it.
import { announce, toast } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { formats, now } from "../lib/clock.js";
import { byId, setText } from "../lib/dom.js";
import { startBell } from "../notifications/bell.js";
import { nextExpiry, ownWords, stillTrue } from "./status_state.js";

const PATH = "/api/presence/settings";
const LONGEST_TIMER_MS = 600_000; // at midnight "tomorrow" becomes today

class StatusMenu {
  #button = byId("account-button");
  #forms = []; // once they are there
  #fetching = null;
  #settings = null;
  #news = 0; // an answer that was overtaken by news says nothing any more
  #saving = Promise.resolve();
  #timer = null;

  constructor() {
    byId("account-menu").addEventListener("beforetoggle", ({ newState }) => newState === "open" && this.#opened());
    for (const event of ["pointerenter", "focus"]) this.#button.addEventListener(event, () => this.#fetchForms());
  }

  async refresh() {
    const asked = ++this.#news;
    try {
      const settings = await api.get(PATH);
      if (asked === this.#news) this.#show(settings);
    } catch {
      // The dot stays as it was; who changes something hears of the error then.
    }
  }

  hear(settings) {
    this.#news += 1;
    this.#show(settings);
  }

  #opened() {
    for (const form of this.#forms) form.open(this.#settings);
    this.#fetchForms();
    this.refresh();
  }

  async #fetchForms() {
    this.#fetching ??= Promise.all([import("./status_form.js"), import("./custom_form.js")]);
    try {
      const [{ StatusForm }, { CustomForm }] = await this.#fetching;
      if (this.#forms.length) return;
      this.#forms = [StatusForm, CustomForm].map((Form) => new Form((patch) => this.#save(patch)));
      for (const form of this.#forms) form.open(this.#settings);
      byId("status-forms").inert = false;
      // Opened before: the focus goes where it would have gone.
      if (isOpen() && document.activeElement === this.#button) byId("status-forms").querySelector("[autofocus]").focus();
    } catch {
      this.#fetching = null;
      if (isOpen()) toast("Your status cannot be changed now: the server does not answer.");
    }
  }

  /** One after the other: the last choice is the one that holds. */
  #save(patch) {
    const saved = this.#saving.then(async () => {
      this.hear(await api.put(PATH, patch));
      announce(`Saved. ${ownWords(this.#settings, now(), formats)}`);
    });
    this.#saving = saved.catch(() => {});
    return saved;
  }

  #show(settings) {
    this.#settings = stillTrue(settings, now());
    const words = ownWords(this.#settings, now(), formats);
    this.#button.dataset.dot = this.#settings.status;
    this.#button.title = words;
    setText(this.#button.querySelector("[data-own-status]"), `, ${words}`);
    for (const form of this.#forms) form.show(this.#settings);
    this.#waitForEnd();
  }

  #waitForEnd() {
    clearTimeout(this.#timer);
    const wait = nextExpiry(this.#settings, now());
    if (wait !== null) this.#timer = setTimeout(() => this.#show(this.#settings), Math.min(wait, LONGEST_TIMER_MS));
  }
}

const isOpen = () => byId("account-menu").matches(":popover-open");

export function startStatusMenu(socket = null) {
  const menu = new StatusMenu();
  startBell(socket); // beside it in the bar, and heard of in the same ways
  if (socket) {
    socket.on("settings_changed", (settings) => menu.hear(settings));
    socket.on("connect", () => menu.refresh()); // also for what was missed meanwhile
    return;
  }
  menu.refresh();
  document.addEventListener("visibilitychange", () => document.hidden || menu.refresh());
  addEventListener("pageshow", (event) => event.persisted && menu.refresh());
}
