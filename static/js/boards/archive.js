// The archive of the board: tasks and lists that were put away, to be brought back or deleted. Fetched when it is opened.
import * as api from "../lib/api.js";
import { announce } from "../lib/announce.js";
import { showRelative } from "../lib/clock.js";
import { openDialog } from "../lib/dialog.js";
import { byId, element, fromTemplate, icon, setText } from "../lib/dom.js";

const EMPTY = "Nothing is archived. What you archive can be brought back here.";

export class Archive {
  #dialog = fromTemplate("archive-template");
  #items = [];

  constructor(state, actions) {
    Object.assign(this, { state, actions });
    document.body.append(this.#dialog);
    byId("archive-search").addEventListener("input", () => this.#show());
    byId("archive-items").addEventListener("click", ({ target }) => this.#click(target.closest("button[data-act]")));
  }

  async open() {
    openDialog(this.#dialog);
    await this.load();
  }

  /** Somebody archived or restored something while one looks. */
  hear({ tasks, lists }) {
    if (this.#dialog.open && (tasks.size || lists.size)) this.load();
  }

  async load() {
    if (!this.#items.length) this.#say("Loading…");
    try {
      const { items } = await api.get(`${this.actions.path}/archive`);
      this.#items = items.map(known);
      this.#show();
    } catch (error) {
      this.#say(`The archive could not be loaded. ${error.message}`);
    }
  }

  #show() {
    const query = byId("archive-search").value.trim().toLowerCase();
    const found = this.#items.filter(({ name }) => name.toLowerCase().includes(query));
    byId("archive-items").replaceChildren(...found.map((item) => this.#row(item)));
    const nothing = this.#items.length ? "Nothing here has these words." : EMPTY;
    this.#say(found.length ? "" : nothing);
  }

  #row({ kind, name, thing }) {
    const since = element("time", {});
    showRelative(since, thing.archivedAt);
    const where = kind === "task" ? this.state.lists.get(thing.listId)?.name : "";
    const words = `${kind === "task" ? "Task" : "List"}${where ? ` in ${where}` : ""}, archived `;
    return element("li", { className: "archived", data: { id: thing.id } },
      icon(kind === "task" ? "align-left" : "layout-kanban"),
      element("div", { className: "archived-what" },
        element("strong", {}, name), element("span", { className: "archived-when" }, words, since)),
      act("restore", "btn btn-sm", `Restore ${name}`, "Restore"),
      act("delete", "icon-button icon-button-danger", `Delete ${name}`, icon("trash")));
  }

  async #click(button) {
    if (!button) return;
    const item = this.#items.find(({ thing }) => thing.id === button.closest("li").dataset.id);
    button.disabled = true;
    try {
      await (button.dataset.act === "restore" ? this.#restore(item) : this.#remove(item));
      announce(`${button.dataset.act === "restore" ? "Restored" : "Deleted"} “${item.name}”.`);
      this.#items = this.#items.filter((other) => other !== item);
      this.#show();
      byId("archive-search").focus();
    } catch (error) {
      button.disabled = false;
      this.#say(`“${item.name}”: ${error.message}`);
    }
  }

  #restore({ kind, thing }) {
    if (kind === "task") return this.actions.tasks.unarchive(thing.id, thing.version);
    return this.actions.unarchiveList(thing.id, thing.version);
  }

  #remove({ kind, thing }) {
    return api.remove(`${this.actions.path}/${kind}s/${thing.id}`);
  }

  #say(text) {
    setText(byId("archive-state"), text);
  }
}

function act(name, className, ariaLabel, ...children) {
  return element("button", { className, type: "button", ariaLabel, data: { act: name } }, ...children);
}

function known(item) {
  const { kind } = item;
  const thing = item[kind];
  return { kind, thing, name: thing.title ?? thing.name };
}
