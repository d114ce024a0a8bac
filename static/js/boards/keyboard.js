// The board with the keyboard alone: walking over cards, carrying tasks and lists, and single keys on a task.
// Fetched with the first such key. Cards stay links and in the order of Tab; arrow keys are a second way.
import { byId } from "../lib/dom.js";
import { nextCard } from "./carry.js";
import { ListInHand, TaskInHand } from "./in_hand.js";

export class BoardKeyboard {
  carried = null;
  #moves = Promise.resolve(); // one after the other: each begins where the last one ended

  /** `board`: as in finding.js. */
  constructor(board) {
    Object.assign(this, board, { board });
    addEventListener("pointerdown", () => this.#putBack());
    document.addEventListener("focusout", () => setTimeout(() => this.carried && !this.carried.hasFocus() && this.#putBack()));
  }

  /** `target`: where the key was pressed. */
  do({ act, key }, target) {
    const taskId = target.closest(".task")?.dataset.id;
    const listId = target.closest(".list")?.dataset.id;
    if (act === "go") return this.#go(key, taskId, listId);
    if (act === "lift") return this.#lift(taskId, listId);
    if (act === "shift") return this.#shift(key, taskId, listId);
    if (act === "carry") return this.carried?.carry(key);
    if (act === "drop") return this.#drop();
    if (act === "cancel") return this.#putBack();
    if (taskId) return this.#onTask(act, taskId);
    return this.controls.act(act, listId);
  }

  /** What can be seen, by list: a filter leaves cards out. */
  columns(without = null) {
    return this.state.sortedLists().map(({ id, name }) => ({
      id, name, ids: this.state.tasksOf(id).map((task) => task.id).filter((task) => task !== without && !this.view.cardOf(task)?.hidden),
    }));
  }

  #go(key, taskId, listId) {
    const columns = this.columns();
    const index = taskId ? columns.find(({ id }) => id === listId).ids.indexOf(taskId) : -1;
    const to = nextCard(columns, { listId, index }, key);
    if (!to) return;
    const card = columns.find(({ id }) => id === to.listId).ids[to.index];
    if (card) this.view.focusCard(card);
    else this.view.focusList(to.listId);
  }

  #inHand(taskId, listId) {
    return taskId ? new TaskInHand(this, taskId) : new ListInHand(this, listId);
  }

  #lift(taskId, listId) {
    this.carried = this.#inHand(taskId, listId);
    this.carried.lift();
  }

  #shift(key, taskId, listId) {
    this.#putBack();
    this.#moves = this.#moves.then(() => {
      const isThere = taskId ? this.state.tasks.has(taskId) : this.state.lists.has(listId);
      return isThere && this.#inHand(taskId, this.state.tasks.get(taskId)?.listId ?? listId).moveAtOnce(key);
    });
  }

  #drop() {
    const { carried } = this;
    this.carried = null;
    this.#moves = this.#moves.then(() => carried?.drop());
  }

  #putBack() {
    const { carried } = this;
    this.carried = null;
    carried?.putBack();
  }

  #onTask(act, id) {
    if (!this.state.tasks.has(id)) return;
    if (act === "comment") this.#comment(id);
    else this.acts.run(act, id);
  }

  /** The field comes with a module of its own, after the panel. */
  async #comment(id) {
    location.hash = `#/tasks/${id}`;
    await this.opener.follow();
    const place = byId("task-comments");
    const field = () => place.querySelector(":scope > .comment-form textarea");
    if (field()) return field().focus();
    const watcher = new MutationObserver(() => {
      if (!field() && this.opener.taskId === id) return;
      watcher.disconnect();
      if (this.opener.taskId === id) field().focus();
    });
    watcher.observe(place, { childList: true });
  }
}
