// The task opened beside the board: its fields, saving by version, and what to do when two people edit at once.
// The address (#/tasks/id) says which task is open; nobody's words are dropped without asking.
import { announce, toast } from "../lib/announce.js";
import { byId, setText } from "../lib/dom.js";
import { confirm } from "../lib/dialog.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { Conflict } from "./task_conflict.js";
import { FIELDS, changedFields, fieldsOf, mergeFields } from "./task_merge.js";
import { showDue } from "./view.js";

const WIDE = matchMedia("(min-width: 700px)");

export class TaskPanel {
  #dialog = byId("task-panel");
  #form = byId("task-form");
  #taskId = null;
  #base = null; // the task the editing began from
  #saving = false;
  #conflict = new Conflict((theirs) => this.#saveChoice(theirs));

  /** `hooks`: onTyping(taskId), onTypingEnd(), onMove(taskId), onDelete(taskId), onOpen(taskId or null). */
  constructor(state, actions, view, hooks) {
    Object.assign(this, { state, actions, view, hooks });
    this.#wire();
  }

  get taskId() {
    return this.#taskId;
  }

  get isDirty() {
    return this.#taskId !== null && Object.keys(changedFields(fieldsOf(this.#base), this.#draft)).length > 0;
  }

  /** Follows the address. */
  async follow() {
    const id = location.hash.match(/^#\/tasks\/([\w-]+)$/)?.[1] ?? null;
    if (id === this.#taskId) return;
    if (!await this.#mayLeave()) return this.#setAddress(this.#taskId);
    if (id && !this.state.tasks.has(id)) {
      toast("That task is no longer on this board.");
      this.#setAddress(null);
      return this.#shut();
    }
    if (id) this.#open(id);
    else this.#shut();
  }

  async close() {
    if (!await this.#mayLeave()) return;
    this.#setAddress(null);
    this.#shut();
  }

  /** The task changed elsewhere, or is gone. */
  refresh(id) {
    if (id !== this.#taskId || this.#saving) return;
    const task = this.state.tasks.get(id);
    if (!task) return this.#gone();
    const base = fieldsOf(this.#base);
    const { draft, conflicts } = mergeFields(base, this.#draft, fieldsOf(task));
    if (conflicts.length) return this.#notice("Somebody else changed this task too. Your words are kept; saving shows both versions.");
    this.#base = task;
    this.#fill(draft);
    this.#showHead();
  }

  showTyping(text) {
    byId("task-panel-typing").hidden = !text;
    setText(byId("task-panel-typing").querySelector(".task-typing-text"), text);
  }

  get #draft() {
    return Object.fromEntries(FIELDS.map((field) => [field, this.#form.elements[field].value.replaceAll("\r\n", "\n")]));
  }

  #wire() {
    addEventListener("hashchange", () => this.follow());
    addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
    WIDE.addEventListener("change", () => this.#dialog.open && this.#present());
    this.#dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("input", (event) => this.#input(event));
    this.#form.addEventListener("focusout", () => this.hooks.onTypingEnd());
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#save(); });
    byId("task-panel-close").addEventListener("click", () => this.close());
    byId("task-panel-move").addEventListener("click", () => this.hooks.onMove(this.#taskId));
    byId("task-panel-delete").addEventListener("click", () => this.hooks.onDelete(this.#taskId));
    byId("task-due-clear").addEventListener("click", () => { this.#form.elements.dueAt.value = ""; this.#showSave(); });
  }

  #key(event) {
    if (event.key === "Escape" && WIDE.matches) {
      event.preventDefault(); // the same key press would close the question that close() may ask
      this.close();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#save();
    if (event.key !== "Enter" || event.target.name !== "title") return;
    event.preventDefault(); // a title is one line, however long
    if (!event.ctrlKey && !event.metaKey) this.#save();
  }

  #input(event) {
    if (event.target.type !== "radio") this.hooks.onTyping(this.#taskId);
    this.#showSave();
  }

  #open(id) {
    this.#taskId = id;
    this.#base = this.state.tasks.get(id);
    this.#reset();
    this.#fill(fieldsOf(this.#base));
    this.#showHead();
    this.#present();
    byId("task-panel-heading").focus();
    this.hooks.onOpen(id);
  }

  /** Beside the board where there is room for both; over it on a phone, and then the board cannot be reached behind. */
  #present() {
    const focused = this.#dialog.contains(document.activeElement) ? document.activeElement : null;
    this.#dialog.close();
    if (WIDE.matches) this.#dialog.show();
    else this.#dialog.showModal();
    focused?.focus();
  }

  #shut() {
    const id = this.#taskId;
    this.#taskId = null;
    this.#dialog.close();
    this.hooks.onTypingEnd();
    this.hooks.onOpen(null);
    if (id) this.view.focusCard(id);
  }

  #reset() {
    clearErrors(this.#form);
    this.#conflict.hide();
    byId("task-notice").hidden = true;
    setText(byId("task-saved"), "");
    for (const field of FIELDS) this.#form.elements[field].readOnly = false;
    byId("task-save").hidden = false;
  }

  #fill(draft) {
    for (const field of FIELDS) {
      const control = this.#form.elements[field];
      if (control.value !== draft[field]) control.value = draft[field];
    }
    this.#showSave();
  }

  #showHead() {
    setText(byId("task-panel-list"), this.state.lists.get(this.#base.listId)?.name ?? "");
    showDue(byId("task-due-mark"), this.#base.dueAt);
  }

  #showSave() {
    const dirty = this.isDirty;
    this.#dialog.classList.toggle("is-dirty", dirty);
    if (dirty) setText(byId("task-saved"), "Not saved yet");
    else if (byId("task-saved").textContent === "Not saved yet") setText(byId("task-saved"), "");
  }

  #notice(text) {
    byId("task-notice").hidden = false;
    setText(byId("task-notice"), text);
  }

  #gone() {
    if (!this.isDirty) {
      toast("The task was deleted.");
      this.#setAddress(null);
      return this.#shut();
    }
    this.#notice("This task was deleted meanwhile. Your words are still here to copy; they cannot be saved.");
    byId("task-save").hidden = true;
    for (const field of FIELDS) this.#form.elements[field].readOnly = true;
  }

  async #save(mayRetry = true) {
    const id = this.#taskId;
    const changes = changedFields(fieldsOf(this.#base), this.#draft);
    if (this.#saving || this.#conflict.isOpen || !this.state.tasks.has(id)) return;
    clearErrors(this.#form);
    this.hooks.onTypingEnd();
    if (showMissing(this.#form, "title", "A task needs a title.")) return;
    if (!Object.keys(changes).length) return setText(byId("task-saved"), "Saved");
    const sent = this.#draft;
    this.#saving = true;
    try {
      this.#base = await this.actions.saveTask(id, changes, this.#base.version);
      this.#saving = false;
      this.#saved(sent);
    } catch (error) {
      this.#saving = false;
      if (error.code === "conflict" && error.current) this.#stale(error.current, mayRetry);
      else showErrors(this.#form, error);
    }
  }

  /** The server may have trimmed what was sent; what was typed since stays. */
  #saved(sent) {
    byId("task-notice").hidden = true;
    this.#fill(mergeFields(sent, this.#draft, fieldsOf(this.#base)).draft);
    this.#showHead();
    if (!this.isDirty) setText(byId("task-saved"), "Saved");
    announce("Task saved.");
    this.view.update();
    this.refresh(this.#taskId);
  }

  /** Changes to different fields go together; for the same field the person chooses. */
  #stale(current, mayRetry) {
    const { draft, conflicts } = mergeFields(fieldsOf(this.#base), this.#draft, fieldsOf(current));
    this.#base = current;
    this.#fill(draft);
    this.state.putTask(current);
    if (!conflicts.length && mayRetry) return this.#save(false);
    byId("task-notice").hidden = true;
    byId("task-save").hidden = true;
    this.#conflict.show(conflicts, draft, fieldsOf(current));
  }

  #saveChoice(theirs) {
    this.#fill({ ...this.#draft, ...theirs });
    this.#conflict.hide();
    byId("task-save").hidden = false;
    this.#save();
  }

  async #mayLeave() {
    if (!this.isDirty || !this.state.tasks.has(this.#taskId)) return true;
    const choice = await confirm("Save your changes?", "You have changed this task and not saved it yet.", [
      { value: "save", label: "Save", kind: "btn-primary" },
      { value: "discard", label: "Discard" },
      { value: "stay", label: "Keep editing" },
    ]);
    if (choice === "save") await this.#save();
    return choice === "discard" || (choice === "save" && !this.isDirty);
  }

  #setAddress(taskId) {
    const address = location.pathname + location.search + (taskId ? `#/tasks/${taskId}` : "");
    history.replaceState(null, "", address);
  }
}
