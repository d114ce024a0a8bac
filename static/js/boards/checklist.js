// The checklist of the open task: ticked, renamed, put in order and removed, shown at once and taken back on a refusal.
import * as api from "../lib/api.js";
import { announce, toast } from "../lib/announce.js";
import { byId, fromTemplate, place, setText } from "../lib/dom.js";
import { clearErrors, showErrors } from "../lib/forms.js";
import { editInPlace } from "../lib/inline_edit.js";
import { LONGEST_TEXT, linesOf, moved, placeOf, progressOf, withItem } from "./checklist_state.js";

const STEPS = { "check-up": -1, "check-down": 1 };

export class Checklist {
  #list = byId("checklist");
  #form = byId("checklist-form");
  #items = [];

  /** `path()` is that of the task. */
  constructor(path) {
    this.path = path;
    this.#list.addEventListener("change", ({ target }) => target.type === "checkbox" && this.#tick(target));
    this.#list.addEventListener("click", ({ target }) => this.#click(target.closest("button")));
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#add(); });
    this.#form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
  }

  show(items) {
    this.#items = items;
    const rows = new Map([...this.#list.children].map((row) => [row.dataset.id, row]));
    for (const [id, row] of rows) if (!items.some((item) => item.id === id)) row.remove();
    items.forEach((item, index) => {
      const row = rows.get(item.id) ?? fromTemplate("checklist-template");
      fill(row, item);
      place(this.#list, row, this.#list.children[index] === row ? row.nextElementSibling : this.#list.children[index] ?? null);
    });
    const { done, total } = progressOf(items);
    const progress = byId("checklist-progress");
    progress.hidden = !total;
    Object.assign(progress, { max: total || 1, value: done });
    setText(byId("checklist-count"), total ? `${done}/${total}` : "");
  }

  async #add() {
    const field = this.#form.elements.text;
    const texts = linesOf(field.value);
    const tooLong = texts.findIndex((text) => text.length > LONGEST_TEXT);
    if (!texts.length || field.readOnly) return;
    clearErrors(this.#form);
    if (tooLong >= 0) {
      const message = `Line ${tooLong + 1} is longer than ${LONGEST_TEXT} characters; shorten it.`;
      return showErrors(this.#form, { errors: [], message });
    }
    const path = this.path();
    field.readOnly = true; // kept until the server has it
    try {
      const { items } = await api.post(`${path}/checklist`, { texts });
      field.value = "";
      const added = new Set(items.map(({ id }) => id));
      if (path === this.path()) this.show([...this.#items.filter(({ id }) => !added.has(id)), ...items]);
      announce(texts.length === 1 ? `Added “${texts[0]}”.` : `Added ${texts.length} items.`);
    } catch (error) {
      showErrors(this.#form, error);
    }
    field.readOnly = false;
    field.focus();
  }

  #tick(box) {
    const { id } = box.closest("li").dataset;
    const done = box.checked;
    this.#change(withItem(this.#items, id, { done }), () => api.patch(`${this.path()}/checklist/${id}`, { done }));
  }

  #click(button) {
    const id = button?.closest("li").dataset.id;
    if (!id) return;
    if (button.classList.contains("check-text")) return this.#rename(button, id);
    if (button.classList.contains("check-remove")) return this.#remove(id);
    for (const [name, steps] of Object.entries(STEPS)) if (button.classList.contains(name)) this.#move(id, steps, button);
  }

  #key(event) {
    const steps = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const id = event.target.closest("li")?.dataset.id;
    if (!steps || !id) return;
    event.preventDefault();
    this.#move(id, steps, event.target);
  }

  #rename(button, id) {
    editInPlace(button, {
      label: "Text of the item",
      maxLength: LONGEST_TEXT,
      returnFocus: button,
      save: async (text) => {
        const item = await api.patch(`${this.path()}/checklist/${id}`, { text });
        this.show(withItem(this.#items, id, { text: item?.text ?? text }));
      },
    });
  }

  #remove(id) {
    const at = this.#items.findIndex((item) => item.id === id);
    const { text } = this.#items[at];
    this.#change(this.#items.filter((item) => item.id !== id), () => api.remove(`${this.path()}/checklist/${id}`));
    const next = this.#list.children[Math.min(at, this.#list.children.length - 1)]?.querySelector("input");
    (next ?? this.#form.elements.text).focus();
    announce(`Removed “${text}”.`);
  }

  #move(id, steps, focused) {
    const items = moved(this.#items, id, steps);
    if (!items) return;
    const afterItemId = placeOf(items, id);
    this.#change(items, () => api.post(`${this.path()}/checklist/${id}/move`, { afterItemId }));
    focused.focus();
    announce(`Moved to place ${items.findIndex((item) => item.id === id) + 1} of ${items.length}.`);
  }

  /** Shown at once; the news of it brings what the server made of it. */
  async #change(items, ask) {
    const before = this.#items;
    const path = this.path();
    this.show(items);
    try {
      await ask();
    } catch (error) {
      if (path === this.path() && this.#items === items) this.show(before);
      toast(`The checklist was not changed. ${error.message}`);
    }
  }
}

function fill(row, { id, text, done }) {
  row.dataset.id = id;
  const box = row.querySelector("input[type=checkbox]");
  box.checked = done;
  box.setAttribute("aria-label", text);
  row.classList.toggle("is-done", done);
  setText(row.querySelector(".check-text"), text);
  row.querySelector(".check-text").title = "Rename";
  const words = { "check-up": `Move ${text} up`, "check-down": `Move ${text} down`, "check-remove": `Remove ${text}` };
  for (const [name, label] of Object.entries(words)) row.querySelector(`.${name}`).setAttribute("aria-label", label);
}
