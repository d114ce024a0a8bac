// What one can do with a list through its menu and form, and the way to what one can do with its cards.
import { announce, toast } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { editInPlace } from "../lib/inline_edit.js";
import { openMenu } from "../lib/menu.js";
import { wireComposer } from "./composers.js";

const UNDO_MS = 600_000; // for so long the server keeps what was deleted

export class ListControls {
  /** `typing` is a TypingReporter: writing a new task counts as typing on the board. `acts` are those of tasks. */
  constructor(state, actions, view, { moving, typing, acts }) {
    Object.assign(this, { state, actions, view, moving, typing, acts });
    wireComposer(byId("add-list"), {
      add: async ([name]) => { await actions.addList(name); },
      onTyping: () => {},
      onTypingEnd: () => {},
    });
    byId("lists").addEventListener("click", (event) => this.#click(event));
  }

  wire(list) {
    this.moving.dragTasksIn(list);
    wireComposer(list.querySelector(".composer"), {
      several: true,
      add: (titles) => this.#addTasks(list.dataset.id, titles),
      onTyping: () => this.typing.key(null),
      onTypingEnd: () => this.typing.end(),
    });
  }

  #addTasks(listId, titles) {
    const { tasks } = this.actions;
    return titles.length === 1 ? tasks.add(listId, titles[0]) : tasks.addSeveral(listId, titles);
  }

  #click(event) {
    const card = event.target.closest(".task-menu-button");
    const list = event.target.closest(".list-menu-button");
    const id = event.target.closest("[data-id]")?.dataset.id;
    if (card) this.acts.showMenu(id, card);
    if (list) openMenu(byId("list-menu"), list, (action) => this.act(action, id));
  }

  /** add, rename, move, ...: what the menu of a list offers. */
  act(action, id) {
    const element = this.view.listElement(id);
    if (!element) return;
    if (action === "add") element.querySelector(".composer-open").click();
    if (action === "rename") this.#rename(element, id);
    if (action === "move") this.moving.askList(id);
    if (action === "archive") this.#archive(id);
    if (action === "delete") this.#delete(id);
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
        } catch (error) {
          if (!error.current) throw error;
          throw new Error(`Somebody else named it “${error.current.name}” meanwhile. Enter keeps yours, Escape theirs.`);
        } finally {
          this.view.sync();
        }
      },
    });
  }

  #archive(id) {
    const { name } = this.state.lists.get(id);
    return this.#leave(() => this.actions.archiveList(id), {
      done: `Archived the list “${name}”.`,
      undo: (archived) => this.actions.unarchiveList(id, archived.version),
      name,
    });
  }

  #delete(id) {
    const { name } = this.state.lists.get(id);
    const count = this.state.tasksOf(id).length;
    const tasks = count ? ` with its ${count} ${count === 1 ? "task" : "tasks"}` : "";
    return this.#leave(() => this.actions.deleteList(id), {
      done: `Deleted the list “${name}”${tasks}.`,
      undo: () => this.actions.restoreList(id),
      name,
    });
  }

  /** Without a question before, but with a way back. */
  async #leave(ask, { done, undo, name }) {
    try {
      const left = await ask();
      this.view.sync();
      byId("add-list").querySelector(".composer-open").focus();
      toast(done, { label: "Undo", run: () => this.#bringBack(() => undo(left), name), lifeMs: UNDO_MS });
    } catch (error) {
      toast(`The list “${name}” stays. ${error.message}`);
    }
  }

  async #bringBack(undo, name) {
    try {
      await undo();
      announce(`The list “${name}” is back.`);
    } catch (error) {
      toast(`The list “${name}” could not be brought back. ${error.message}`);
    }
  }
}
