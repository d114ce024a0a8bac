// The filters of an attendance page: they live in its address, and whoever hears of a change asks for the list again.
import { announce } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { addressQuery, daysOf } from "./state.js";

const TYPING_MS = 250;

export class Filters {
  #timer = null;

  constructor(begin, onChange) {
    Object.assign(this, { about: begin, onChange, values: begin.filters });
    this.form = byId("attendance-filters");
    this.organization = new URLSearchParams(location.search).get("organization");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (event) => this.#typed(event));
    this.form.addEventListener("click", (event) => this.#pressed(event));
    addEventListener("popstate", () => location.reload());
  }

  #typed({ target }) {
    if (target.name === "organization") {
      location.assign(`${this.form.getAttribute("action")}${addressQuery(this.values, target.value)}`);
    } else if (target.name === "q") {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#change({ search: target.value.trim() }), TYPING_MS);
    } else if (target.value && target.validity.valid) {
      this.#change({ [target.name]: target.value });
    }
  }

  #pressed(event) {
    const pill = event.target.closest("a.pill");
    if (!pill || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (pill.dataset.range !== undefined) this.#change(this.#range(pill.dataset.range));
    else this.#change({ status: pill.dataset.status });
    announce(`${pill.textContent}.`);
  }

  /** A range of one's own begins with the days shown before. */
  #range(range) {
    const days = range === "custom" ? daysOf(this.values, this.about.today) : {};
    for (const [name, day] of Object.entries(days)) this.form.elements[name].value = day;
    return { range, ...days };
  }

  #change(values) {
    this.values = { ...this.values, ...values };
    for (const pill of this.form.querySelectorAll("a.pill")) {
      const { range, status } = pill.dataset;
      const isPressed = range === undefined ? status === this.values.status : range === this.values.range;
      pill.setAttribute("aria-pressed", String(isPressed));
    }
    byId("attendance-days").hidden = this.values.range !== "custom";
    history.replaceState(null, "", `${location.pathname}${addressQuery(this.values, this.organization)}`);
    this.onChange();
  }
}
