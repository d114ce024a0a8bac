// The bar at the foot of the board while several tasks are selected: the same for all of them, or for none.
import { announce, toast } from "../lib/announce.js";
import { byId, fromTemplate, option, setText } from "../lib/dom.js";
import { PRIORITIES } from "./card_facts.js";
import { fromLocalInput } from "./due.js";
import { MOST_AT_ONCE } from "./task_actions.js";

const UNDO_MS = 600_000;

export class BulkBar {
  #bar = fromTemplate("bulk-template");

  /** `selection` says which, `acts.choose` opens the choosers of labels and people. */
  constructor(state, actions, { selection, acts }) {
    Object.assign(this, { state, actions, selection, acts });
    byId("main").append(this.#bar);
    const priority = this.#bar.querySelector("[name=priority]");
    priority.append(...Object.entries(PRIORITIES).map(([value, word]) => option(value, word)));
    this.#bar.addEventListener("click", ({ target }) => this.#click(target.closest("[data-act]")));
    this.#bar.addEventListener("change", ({ target }) => this.#choose(target));
    this.#bar.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#leave();
    });
  }

  show(count) {
    this.#bar.hidden = !count;
    setText(this.#bar.querySelector(".bulk-count"), count === 1 ? "1 selected" : `${count} selected`);
    const lists = this.#bar.querySelector("[name=listId]");
    lists.replaceChildren(lists.firstElementChild, ...this.state.sortedLists().map(({ id, name }) => option(id, name)));
  }

  #click(button) {
    if (!button) return;
    const { act } = button.dataset;
    if (act === "clear") this.#leave();
    if (act === "labels" || act === "people") this.acts.choose(act, this.selection.ids, button);
    if (act === "complete") this.#complete();
    if (act === "archive") this.#set({ archived: true }, (count) => `Archived ${tasks(count)}.`, this.#unarchive);
    if (act === "delete") this.#set({ deleted: true }, (count) => `Deleted ${tasks(count)}.`, this.#restore);
    if (act === "due") this.#askDue(button);
  }

  #choose(control) {
    const { name, value } = control;
    if (!value || name === "due") return;
    control.selectedIndex = 0;
    const where = this.state.lists.get(value)?.name;
    if (name === "listId") this.#set({ listId: value }, (count) => `Moved ${tasks(count)} to ${where}.`);
    if (name === "priority") this.#set({ priority: value }, (count) => `Set the priority of ${tasks(count)}.`);
  }

  /** Done, or open again when all of them are done already. */
  #complete() {
    const completed = this.selection.ids.some((id) => !this.state.tasks.get(id).completedAt);
    this.#set({ completed }, (count) => `${completed ? "Done" : "Open again"}: ${tasks(count)}.`);
  }

  #askDue(button) {
    const form = this.#bar.querySelector(".bulk-due");
    form.hidden = !form.hidden;
    button.setAttribute("aria-expanded", String(!form.hidden));
    const field = form.querySelector("input");
    if (form.hidden) return;
    field.focus();
    form.onsubmit = (event) => {
      event.preventDefault();
      const dueAt = fromLocalInput(event.submitter?.value === "none" ? "" : field.value);
      form.hidden = true;
      button.setAttribute("aria-expanded", "false");
      button.focus();
      this.#set({ dueAt }, (count) => `${dueAt ? "Set" : "Took off"} the due date of ${tasks(count)}.`);
    };
  }

  async #set(changes, done, undo = null) {
    const { ids } = this.selection;
    if (!ids.length) return;
    const before = ids.map((id) => this.state.tasks.get(id));
    this.#bar.setAttribute("aria-busy", "true");
    try {
      await this.actions.tasks.setMany(ids, changes);
      const run = () => this.#try(() => undo.call(this, before), ids.length);
      if (undo) toast(done(ids.length), { label: "Undo", run, lifeMs: UNDO_MS });
      else announce(done(ids.length));
    } catch (error) {
      const which = ids.length > MOST_AT_ONCE ? "Not all of the tasks were" : ids.length === 1 ? "The task was not" : "None of the tasks was";
      toast(`${which} changed. ${error.message}`);
    }
    this.#bar.removeAttribute("aria-busy");
  }

  async #restore(before) {
    for (const { id } of before) await this.actions.tasks.restore(id);
  }

  #unarchive(before) {
    return this.actions.tasks.setMany(before.map(({ id }) => id), { archived: false });
  }

  async #try(undo, count) {
    try {
      await undo();
      announce(`${count === 1 ? "1 task is" : `${count} tasks are`} back.`);
    } catch (error) {
      toast(`Not everything could be brought back. ${error.message}`);
    }
  }

  #leave() {
    const [first] = this.selection.ids;
    this.selection.clear();
    this.selection.view.focusCard(first);
  }
}

const tasks = (count) => (count === 1 ? "1 task" : `${count} tasks`);
