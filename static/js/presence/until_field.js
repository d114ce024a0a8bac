// The field "Clear after": a list of ends, and a time of today where that is the choice.
import { formats, now } from "../lib/clock.js";
import { option } from "../lib/dom.js";
import { untilChoices, untilMoment } from "./status_state.js";

export class UntilField {
  #select;
  #time;

  /** `name` is the field of the form as the server calls it. */
  constructor(form, name) {
    this.name = name;
    this.#select = form.elements[name];
    this.#time = form.elements[`${name}Time`];
    this.#select.addEventListener("change", () => this.#showTime());
  }

  /** Offers the choices anew; `until` is the end that holds already, or null. */
  show(until) {
    const choices = untilChoices(until, now(), formats);
    this.#select.replaceChildren(...choices.map(({ value, text }) => option(value, text)));
    this.#time.value = "";
    this.#showTime();
  }

  get needsTime() {
    return this.#select.value === "time";
  }

  /** {[name]: moment}, {} where it stays as it is; null when it cannot be, which `explain` then says. */
  read() {
    const moment = untilMoment(this.#select.value, now(), this.#time.value);
    if (Number.isNaN(moment)) return null;
    return moment === undefined ? {} : { [this.name]: moment };
  }

  /** As an error of the form, at the time. */
  explain() {
    const message = this.#time.value ? "This time is over today. Choose a later one." : "Enter a time.";
    return { message, errors: [{ field: this.#time.name, message }] };
  }

  #showTime() {
    this.#time.parentElement.hidden = !this.needsTime;
  }
}
