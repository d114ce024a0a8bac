// The panel in which a task opens beside the board: follows the address (#/tasks/id), opens, closes, keeps the focus.
import { toast } from "../lib/announce.js";
import { byId, fromTemplate, setText } from "../lib/dom.js";
import { confirm, openBeside } from "../lib/dialog.js";
import { refreshChooser } from "./choosers.js";
import { Company } from "./company.js";
import { TaskEditor } from "./task_editor.js";
import { TaskParts } from "./task_parts.js";

const WIDE = matchMedia("(min-width: 700px)"); // as in boards.css
const LEAVE_CHOICES = [
  { value: "save", label: "Save", kind: "btn-primary" },
  { value: "discard", label: "Discard" },
  { value: "stay", label: "Keep editing" },
];

export class TaskPanel {
  #dialog = fromTemplate("task-panel-template");
  #taskId = null;

  /** `hooks`: those of TaskEditor, onAct(action, taskId), onOpen(taskId or null), me, live. */
  constructor(state, actions, view, hooks) {
    Object.assign(this, { state, actions, view, hooks });
    byId("main").append(this.#dialog);
    this.company = new Company(hooks.live, byId("task-company"));
    this.editor = new TaskEditor(state, actions, hooks);
    this.parts = new TaskParts(state, actions, {
      ...hooks, onMarkup: (markdown, html) => this.editor.hearMarkup(markdown, html),
    });
    addEventListener("beforeunload", (event) => this.editor.isDirty && event.preventDefault());
    WIDE.addEventListener("change", () => this.#dialog.open && openBeside(this.#dialog, WIDE));
    this.#dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    byId("task-panel-close").addEventListener("click", () => this.close());
    byId("task-done").addEventListener("click", () => hooks.onAct("complete", this.#taskId));
    this.#dialog.querySelector(".task-panel-footer").addEventListener("click", ({ target }) => {
      this.#act(target.closest("[data-act]")?.dataset.act);
    });
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

  /** Something changed, here or elsewhere; `changes` as of BoardState.takeChanges(). */
  hear(changes) {
    refreshChooser();
    if (!this.#taskId) return;
    if (changes.tasks.has(this.#taskId)) this.#refresh(this.#taskId);
    if (this.#taskId) this.parts.hear(changes);
  }

  #refresh(id) {
    this.#showDone();
    const isOwn = this.actions.tasks.leavings.has(id);
    if (this.state.tasks.has(id) || (this.editor.isDirty && !isOwn)) return this.editor.refresh();
    if (!isOwn) toast("The task was deleted or archived.");
    this.#shut();
  }

  /** Archiving and deleting close the panel: words that are not saved are asked about before. */
  async #act(action) {
    const leaves = action === "archive" || action === "delete";
    if (action && (!leaves || await this.#mayLeave())) this.hooks.onAct(action, this.#taskId);
  }

  #showDone() {
    const task = this.state.tasks.get(this.#taskId);
    if (!task) return;
    const done = Boolean(task.completedAt);
    byId("task-done").setAttribute("aria-pressed", String(done));
    setText(byId("task-done").lastElementChild, done ? "Done" : "Mark as done");
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
    this.parts.open(id);
    this.company.open(id);
    this.#showDone();
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
    this.parts.close();
    this.company.open(null);
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
