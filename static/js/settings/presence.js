// The choices of "Presence and privacy": each is saved as soon as it is made, shown at once, and taken back when the
// server refuses it.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { byId, setText } from "../lib/dom.js";
import { changeWords, isOverruled, listed, watchful } from "./state.js";

const PATH = "/api/presence/settings";
const CHOOSING_MS = 500; // arrow keys pass through levels that nobody means, also from "Nobody" to "Everyone"
const SAVED_MS = 2_500;

export class PresenceForm {
  #form = byId("presence-form");
  #saving = Promise.resolve();
  #byArrows = false;
  #choosing = null;
  #savedTimer = null;

  /** `onChange()` is told when the server has taken a change or told of one. */
  constructor(state, onChange) {
    Object.assign(this, { state, onChange });
    this.#form.addEventListener("keydown", ({ key }) => { this.#byArrows = key.startsWith("Arrow"); });
    this.#form.addEventListener("pointerdown", () => { this.#byArrows = false; });
    this.#form.addEventListener("change", ({ target }) => this.#changed(target));
    this.#form.addEventListener("focusout", ({ relatedTarget }) => relatedTarget?.name !== "visibility" && this.#chosen());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("pagehide", () => this.#chosen());
    this.show();
  }

  hear(settings) {
    this.state.hear(settings);
    this.show();
    this.onChange();
  }

  /** For what was missed while there was no connection. */
  async refresh() {
    const asked = this.state.asking();
    try {
      this.state.answered(asked, await api.get(PATH));
    } catch {
      return; // what is shown was true when it was asked last; whoever changes something hears of the error then
    }
    this.show();
    this.onChange();
  }

  show() {
    const settings = this.state.shown;
    const { elements } = this.#form;
    if (this.#choosing === null) elements.visibility.value = settings.visibility;
    for (const name of ["appearOffline", "showActivity", "showCurrentPage"]) elements[name].checked = settings[name];
    this.#form.classList.toggle("is-overruled", isOverruled(settings));
    byId("visibility-overruled").hidden = !isOverruled(settings);
    const watching = watchful(settings.policies).map(({ organizationName }) => organizationName);
    byId("heads-notice").hidden = watching.length === 0;
    setText(byId("heads-notice-text"), `Team heads of ${listed(watching)} always see when you are there, whatever you choose here.`);
  }

  #changed(field) {
    if (field.name !== "visibility") return this.#save({ [field.name]: field.checked }, field);
    clearTimeout(this.#choosing);
    this.#choosing = setTimeout(() => this.#chosen(), this.#byArrows ? CHOOSING_MS : 0);
  }

  #chosen() {
    if (this.#choosing === null) return;
    clearTimeout(this.#choosing);
    this.#choosing = null;
    const field = this.#form.querySelector("[name=visibility]:checked");
    if (field.value !== this.state.shown.visibility) this.#save({ visibility: field.value }, field);
  }

  /** One after the other: the last choice is the one that holds. */
  #save(patch, field) {
    const change = this.state.change(patch);
    byId("presence-problem").hidden = true;
    byId("presence-saved").hidden = true;
    this.show();
    this.#saving = this.#saving.then(() => this.#send(change, field));
  }

  async #send(change, field) {
    try {
      const isOvertaken = this.state.saved(change, await api.put(PATH, change.patch));
      this.#sayQuietly(changeWords(change.patch), field);
      if (isOvertaken) await this.refresh();
    } catch (error) {
      this.state.failed(change);
      this.#sayAloud(error, field);
    }
    this.show();
    this.onChange();
  }

  #sayQuietly(words, field) {
    announce(`Saved. ${words}.`);
    const mark = byId("presence-saved");
    field.closest("label").querySelector(".switch-label, .level-label").append(mark);
    mark.hidden = false;
    clearTimeout(this.#savedTimer);
    this.#savedTimer = setTimeout(() => { mark.hidden = true; }, SAVED_MS);
  }

  #sayAloud(error, field) {
    const problem = byId("presence-problem");
    field.closest(".card-sheet").append(problem);
    setText(problem, `Not saved; this is as it was before. ${error.message}`);
    problem.hidden = false;
    problem.scrollIntoView({ block: "nearest" });
    this.show();
    if (field.name === "visibility" && field === document.activeElement) {
      this.#form.querySelector("[name=visibility]:checked").focus();
    }
  }
}
