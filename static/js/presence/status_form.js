// The part of the account menu that changes the status: three choices, each taken at once, and when it ends.
import { byId } from "../lib/dom.js";
import { clearErrors, showErrors } from "../lib/forms.js";
import { walk } from "../lib/menu.js";
import { UntilField } from "./until_field.js";

const CHOOSING_MS = 500; // arrow keys and typed letters pass through ends that nobody means

export class StatusForm {
  #form = byId("status-form");
  #choices = [...this.#form.querySelectorAll("[data-status]")];
  #until = new UntilField(this.#form, "statusUntil");
  #shownUntil;
  #keepsChoice = false;
  #choosing = null;

  /** `save(patch)` answers the settings as they are then, or throws an ApiError. */
  constructor(save) {
    this.save = save;
    const menu = this.#form.querySelector('[role="menu"]');
    menu.addEventListener("keydown", (event) => walk(this.#choices, event));
    menu.addEventListener("click", (event) => {
      const status = event.target.closest("[data-status]")?.dataset.status;
      if (status) this.#change({ status, statusUntil: null });
    });
    const ends = this.#form.elements.statusUntil;
    ends.addEventListener("change", () => this.#choose());
    ends.addEventListener("blur", () => this.#choosing && this.#setUntil(true));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#setUntil(false);
    });
  }

  /** The menu was opened. */
  open(settings) {
    clearErrors(this.#form);
    this.#shownUntil = undefined;
    if (settings) this.show(settings);
  }

  show({ status, statusUntil }) {
    for (const choice of this.#choices) {
      const isChecked = choice.dataset.status === status;
      choice.setAttribute("aria-checked", String(isChecked));
      choice.tabIndex = isChecked ? 0 : -1;
      choice.autofocus = isChecked; // when the menu opens
    }
    byId("status-end").hidden = status === "online";
    if (statusUntil === this.#shownUntil) return;
    this.#shownUntil = statusUntil;
    if (!this.#keepsChoice) this.#until.show(statusUntil);
  }

  #choose() {
    clearTimeout(this.#choosing);
    this.#choosing = this.#until.needsTime ? null : setTimeout(() => this.#setUntil(true), CHOOSING_MS);
  }

  /** Who walks through the list by the arrow keys must find "30 minutes" where it was: the list stays as it is. */
  async #setUntil(keepsChoice) {
    clearTimeout(this.#choosing);
    this.#choosing = null;
    const end = this.#until.read();
    if (end === null) return showErrors(this.#form, this.#until.explain());
    if (!("statusUntil" in end)) return;
    this.#keepsChoice = keepsChoice;
    await this.#change(end);
    this.#keepsChoice = false;
    if (!keepsChoice && !this.#until.needsTime) this.#form.elements.statusUntil.focus(); // the time is hidden now
  }

  async #change(patch) {
    clearErrors(this.#form);
    try {
      await this.save(patch);
    } catch (error) {
      showErrors(this.#form, error);
    }
  }
}
