// Moving tasks and lists: dragged by mouse or finger, or by the "Move to" dialog with the keyboard.
// Both end in the same action, say what happened and leave the focus on what was moved.
import Sortable from "/static/vendor/sortable/sortable.esm.js";
import { announce, toast } from "../lib/announce.js";
import { byId, option } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";

const DRAG = {
  animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
  forceFallback: true, // one behaviour for mouse and finger, and links inside cards do not drag as links
  fallbackOnBody: true,
  fallbackTolerance: 5,
  delay: 180,
  delayOnTouchOnly: true, // a finger that moves at once scrolls
  touchStartThreshold: 6,
  scrollSensitivity: 60,
  bubbleScroll: true,
};

export class Moving {
  #what = null; // {kind: "task"|"list", id} the dialog speaks of

  constructor(state, actions, view) {
    Object.assign(this, { state, actions, view });
    byId("move-list").addEventListener("change", () => this.#offerPositions());
    byId("move-form").addEventListener("submit", () => this.#submit());
    this.#dragLists();
  }

  dragTasksIn(list) {
    new Sortable(list.querySelector(".tasks"), {
      ...DRAG,
      group: "tasks",
      draggable: ".task",
      filter: "button, input, textarea",
      preventOnFilter: false,
      ghostClass: "task-ghost",
      fallbackClass: "task-dragged",
      onStart: () => { this.view.hold(); swallowClick(); },
      onEnd: ({ item, to, from, oldIndex, newIndex }) => {
        const after = item.previousElementSibling?.dataset.id ?? null;
        if (to !== from || oldIndex !== newIndex) this.moveTask(item.dataset.id, to.dataset.listId, after);
        this.view.release();
      },
    });
  }

  askTask(id) {
    const task = this.state.tasks.get(id);
    this.#ask({ kind: "task", id }, task.title);
    byId("move-list-field").hidden = false;
    byId("move-list").replaceChildren(...this.state.sortedLists().map((list) => option(list.id, list.name)));
    byId("move-list").value = task.listId;
    this.#offerPositions();
  }

  askList(id) {
    this.#ask({ kind: "list", id }, this.state.lists.get(id).name);
    byId("move-list-field").hidden = true;
    this.#offerPositions();
  }

  #ask(what, name) {
    this.#what = what;
    byId("move-dialog-title").textContent = `Move “${name}”`;
    openDialog(byId("move-dialog"));
  }

  /** The things among which the moved one will stand, without itself. */
  #others() {
    const all = this.#what.kind === "task" ? this.state.tasksOf(byId("move-list").value) : this.state.sortedLists();
    return all.filter(({ id }) => id !== this.#what.id);
  }

  #offerPositions() {
    const others = this.#others();
    const all = this.#what.kind === "task" ? this.state.tasksOf(byId("move-list").value) : this.state.sortedLists();
    const present = all.findIndex(({ id }) => id === this.#what.id);
    const label = (index) => {
      if (index === present) return `${index + 1} (here)`;
      return index === 0 ? "1 (first)" : index === others.length ? `${index + 1} (last)` : String(index + 1);
    };
    byId("move-position").replaceChildren(...[...others, null].map((_, index) => option(String(index), label(index))));
    byId("move-position").value = String(Math.max(0, present));
  }

  #submit() {
    const { kind, id } = this.#what;
    const after = this.#others()[Number(byId("move-position").value) - 1]?.id ?? null;
    if (kind === "task") this.moveTask(id, byId("move-list").value, after);
    else this.moveList(id, after);
  }

  async moveTask(id, listId, afterTaskId) {
    if (!this.state.tasks.has(id)) return toast("The task was deleted meanwhile.");
    const { title } = this.state.tasks.get(id);
    const moved = this.actions.tasks.move(id, listId, afterTaskId);
    this.#show(() => this.view.focusCard(id));
    try {
      await moved;
      const tasks = this.state.tasksOf(listId);
      const place = tasks.findIndex((task) => task.id === id) + 1;
      announce(`Moved “${title}” to ${this.state.lists.get(listId)?.name}, position ${place} of ${tasks.length}.`);
    } catch (error) {
      toast(`“${title}” was not moved. ${error.message}`);
    }
    this.view.update();
  }

  async moveList(id, afterListId) {
    if (!this.state.lists.has(id)) return toast("The list was deleted meanwhile.");
    const { name } = this.state.lists.get(id);
    const moved = this.actions.moveList(id, afterListId);
    const isByName = document.activeElement.matches(".list-name"); // the keyboard carried it there
    this.#show(() => (isByName ? this.view.focusList(id) : this.view.listElement(id)?.querySelector(".list-menu-button").focus()));
    try {
      await moved;
      const lists = this.state.sortedLists();
      const place = lists.findIndex((list) => list.id === id) + 1;
      announce(`Moved list “${name}” to position ${place} of ${lists.length}.`);
    } catch (error) {
      toast(`The list “${name}” was not moved. ${error.message}`);
    }
    this.view.update();
  }

  /** After the dialog has closed and given its focus back. */
  #show(focus) {
    requestAnimationFrame(() => {
      this.view.release();
      this.view.sync();
      focus();
    });
  }

  #dragLists() {
    new Sortable(byId("lists"), {
      ...DRAG,
      draggable: ".list",
      handle: ".list-header",
      filter: "button, input",
      preventOnFilter: false,
      ghostClass: "list-ghost",
      fallbackClass: "list-dragged",
      onStart: () => this.view.hold(),
      onEnd: ({ item, oldIndex, newIndex }) => {
        if (oldIndex !== newIndex) this.moveList(item.dataset.id, item.previousElementSibling?.dataset.id ?? null);
        this.view.release();
      },
    });
  }
}

/** Letting go of a card over its own link is not a click on it. */
function swallowClick() {
  const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  const release = () => setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  const once = { capture: true, once: true }; // captured: the drag keeps the event from coming up to the window
  for (const name of ["pointerup", "pointercancel", "touchend"]) addEventListener(name, release, once);
}
