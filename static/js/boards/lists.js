// What one can do with a list and with the cards in it, through their menus and forms.
import { announce, toast } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { confirmDelete } from "../lib/dialog.js";
import { editInPlace } from "../lib/inline_edit.js";
import { openMenu } from "../lib/menu.js";
import { wireComposer } from "./composers.js";

export class ListControls {
  /** `typing` is a TypingReporter: writing a new task counts as typing on the board. */
  constructor(state, actions, view, moving, typing) {
    Object.assign(this, { state, actions, view, moving, typing });
    wireComposer(byId("add-list"), {
      add: async (name) => { await actions.addList(name); view.update(); },
      onTyping: () => {},
      onTypingEnd: () => {},
    });
    byId("lists").addEventListener("click", (event) => this.#click(event));
  }

  wire(list) {
    this.moving.dragTasksIn(list);
    wireComposer(list.querySelector(".composer"), {
      add: async (title) => { await this.actions.tasks.add(list.dataset.id, title); this.view.update(); },
      onTyping: () => this.typing.key(null),
      onTypingEnd: () => this.typing.end(),
    });
  }

  async deleteTask(id) {
    const { title } = this.state.tasks.get(id);
    if (!await confirmDelete("Delete this task?", `“${title}” will be gone for everybody on this board.`)) return;
    const next = this.#neighbour(id);
    await this.#try(() => this.actions.tasks.remove(id), `Deleted “${title}”.`);
    this.view.sync();
    if (!this.state.tasks.has(id)) next?.focus();
  }

  #click(event) {
    const card = event.target.closest(".task-menu-button");
    const list = event.target.closest(".list-menu-button");
    const id = event.target.closest("[data-id]")?.dataset.id;
    if (card) openMenu(byId("task-menu"), card, (action) => this.#taskAction(action, id));
    if (list) openMenu(byId("list-menu"), list, (action) => this.act(action, id));
  }

  #taskAction(action, id) {
    if (!this.state.tasks.has(id)) return;
    if (action === "open") location.hash = `#/tasks/${id}`;
    if (action === "move") this.moving.askTask(id);
    if (action === "delete") this.deleteTask(id);
  }

  /** add, rename, move, ...: what the menu of a list offers. */
  act(action, id) {
    const element = this.view.listElement(id);
    if (!element) return;
    if (action === "add") element.querySelector(".composer-open").click();
    if (action === "rename") this.#rename(element, id);
    if (action === "move") this.moving.askList(id);
    if (action === "delete") this.#deleteList(id);
  }

  #rename(element, id) {
    editInPlace(element.querySelector(".list-name"), {
      label: "Name of the list",
      maxLength: 200,
      returnFocus: element.querySelector(".list-menu-button"),
      save: async (name) => {
        try {
          await this.actions.renameList(id, name);
          announce(`Renamed to “${name}”.`);
        } finally {
          this.view.sync();
        }
      },
    });
  }

  async #deleteList(id) {
    const { name } = this.state.lists.get(id);
    const count = this.state.tasksOf(id).length;
    const tasks = count ? ` and its ${count} ${count === 1 ? "task" : "tasks"}` : "";
    const text = `“${name}”${tasks} will be gone for everybody on this board.`;
    if (!await confirmDelete("Delete this list?", text)) return;
    await this.#try(() => this.actions.deleteList(id), `Deleted list “${name}”.`);
    this.view.sync();
    if (!this.state.lists.has(id)) byId("add-list").querySelector(".composer-open").focus();
  }

  async #try(action, done) {
    try {
      await action();
      announce(done);
    } catch (error) {
      toast(error.message);
    }
  }

  /** Where the focus goes when this card is gone. */
  #neighbour(id) {
    const card = this.view.cardOf(id);
    const next = card?.nextElementSibling ?? card?.previousElementSibling;
    return next?.querySelector(".task-link") ?? card?.closest(".list").querySelector(".composer-open");
  }
}
