// The panel in which a task opens beside the board: follows the address (#/tasks/id), opens, closes, keeps the focus.
import { toast } from "../lib/announce.js";
import { byId, fromTemplate, setText } from "../lib/dom.js";
import { confirm, openBeside } from "../lib/dialog.js";
import { TaskEditor } from "./task_editor.js";

const WIDE = matchMedia("(min-width: 700px)"); // as in boards.css
const LEAVE_CHOICES = [
  { value: "save", label: "Save", kind: "btn-primary" },
  { value: "discard", label: "Discard" },
  { value: "stay", label: "Keep editing" },
];

export class TaskPanel {
  #dialog = fromTemplate("task-panel-template");
  #taskId = null;

  /** `hooks`: those of TaskEditor, onMove(taskId), onDelete(taskId), onOpen(taskId or null). */
  constructor(state, actions, view, hooks) {
    Object.assign(this, { state, actions, view, hooks });
    byId("main").append(this.#dialog);
    this.editor = new TaskEditor(state, actions, hooks);
    addEventListener("beforeunload", (event) => this.editor.isDirty && event.preventDefault());
    WIDE.addEventListener("change", () => this.#dialog.open && openBeside(this.#dialog, WIDE));
    this.#dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    byId("task-panel-close").addEventListener("click", () => this.close());
    byId("task-panel-move").addEventListener("click", () => hooks.onMove(this.#taskId));
    byId("task-panel-delete").addEventListener("click", () => hooks.onDelete(this.#taskId));
  }

  get taskId() {
    return this.#taskId;
  }

  /** Shows the task that the address names. */
  async follow() {
    const id = location.hash.match(/^#\/tasks\/([\w-]+)$/)?.[1] ?? null;
    if (id === this.#taskId) return;
    if (!await this.#mayLeave()) return setAddress(this.#taskId);
    if (!id) return this.#shut();
    if (this.state.tasks.has(id)) return this.#open(id);
    toast("That task is no longer on this board.");
    this.#shut();
  }

  async close() {
    if (await this.#mayLeave()) this.#shut();
  }

  /** A task changed elsewhere, or is gone. */
  refresh(id) {
    if (id !== this.#taskId) return;
    if (this.state.tasks.has(id) || this.editor.isDirty) return this.editor.refresh();
    if (!this.actions.tasks.deletions.has(id)) toast("The task was deleted.");
    this.#shut();
  }

  showTyping(text) {
    byId("task-panel-typing").hidden = !text;
    setText(byId("task-panel-typing").querySelector(".task-typing-text"), text);
  }

  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault(); // the browser would close the question that close() may ask, or, asked often, the panel
    this.close();
  }

  #open(id) {
    this.#taskId = id;
    this.editor.open(this.state.tasks.get(id));
    openBeside(this.#dialog, WIDE);
    byId("task-panel-heading").focus();
    this.hooks.onOpen(id);
  }

  #shut() {
    const id = this.#taskId;
    this.#taskId = null;
    setAddress(null);
    this.#dialog.close();
    if (!id) return;
    this.editor.close();
    this.hooks.onOpen(null);
    this.view.focusCard(id);
  }

  async #mayLeave() {
    if (!this.editor.isDirty || this.editor.isDeleted) return true;
    const choice = await confirm("Save your changes?", "You have changed this task and not saved it yet.", LEAVE_CHOICES);
    if (choice === "save") await this.editor.save();
    return choice === "discard" || (choice === "save" && !this.editor.isDirty);
  }
}

function setAddress(taskId) {
  history.replaceState(null, "", location.pathname + location.search + (taskId ? `#/tasks/${taskId}` : ""));
}
