// The form of one task: what was typed, saving by version, and what to do when two people edit at once.
// Nobody's words are dropped: a stale save is merged field by field, and a real conflict is shown.
import { announce } from "../lib/announce.js";
import { byId, setText } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { Conflict } from "./task_conflict.js";
import { FIELDS, changedFields, fieldsOf, mergeFields } from "./task_merge.js";
import { showDue } from "./card.js";

const CHANGED_TOO = "Somebody else changed this task too. Your words are kept; saving shows both versions.";
const DELETED = "This task was deleted meanwhile. Your words are still here to copy; they cannot be saved.";
const UNSAVED = "Not saved yet";

export class TaskEditor {
  #form = byId("task-form");
  #base = null; // the task as it was when the editing began
  #saving = false;
  #conflict = new Conflict((theirs) => this.#saveChoice(theirs));

  /** `hooks`: onTyping(taskId), onTypingEnd(), onSaved(). */
  constructor(state, actions, hooks) {
    Object.assign(this, { state, actions, hooks });
    this.#form.addEventListener("input", (event) => this.#input(event));
    this.#form.addEventListener("focusout", () => hooks.onTypingEnd());
    this.#form.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    byId("task-due-clear").addEventListener("click", () => { this.#form.elements.dueAt.value = ""; this.#showSave(); });
  }

  get isDirty() {
    return this.#base !== null && Object.keys(this.#changes).length > 0;
  }

  get isDeleted() {
    return !this.state.tasks.has(this.#base.id);
  }

  open(task) {
    this.#base = task;
    clearErrors(this.#form);
    this.#conflict.hide();
    byId("task-notice").hidden = true;
    setText(byId("task-saved"), "");
    this.#lock(false);
    this.#fill(fieldsOf(task));
    this.#showHead();
  }

  close() {
    this.#base = null;
    this.hooks.onTypingEnd();
  }

  /** The task changed elsewhere: fields untouched here follow, the others keep what was typed. */
  refresh() {
    if (this.#saving) return;
    if (this.isDeleted) return this.#keepForCopying();
    const task = this.state.tasks.get(this.#base.id);
    const { draft, conflicts } = mergeFields(fieldsOf(this.#base), this.#draft, fieldsOf(task));
    if (conflicts.length) return this.#notice(CHANGED_TOO);
    this.#base = task;
    this.#fill(draft);
    this.#showHead();
  }

  async save(mayRetry = true) {
    if (this.#saving || this.#conflict.isOpen || this.isDeleted) return;
    clearErrors(this.#form);
    this.hooks.onTypingEnd();
    if (showMissing(this.#form, "title", "A task needs a title.")) return;
    if (!this.isDirty) return setText(byId("task-saved"), "Saved");
    const sent = this.#draft;
    this.#saving = true;
    try {
      this.#base = await this.actions.tasks.save(this.#base.id, this.#changes, this.#base.version);
      this.#saving = false;
      this.#saved(sent);
    } catch (error) {
      this.#saving = false;
      if (error.code === "conflict" && error.current) this.#stale(error.current, mayRetry);
      else showErrors(this.#form, error);
    }
  }

  get #draft() {
    return Object.fromEntries(FIELDS.map((field) => [field, this.#form.elements[field].value]));
  }

  get #changes() {
    return changedFields(fieldsOf(this.#base), this.#draft);
  }

  #input(event) {
    if (event.target.type !== "radio") this.hooks.onTyping(this.#base.id);
    this.#showSave();
  }

  /** A title is one line, however long: Enter saves there, and with Ctrl everywhere. */
  #key(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.target.name !== "title" && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.save();
  }

  /** The server may have trimmed what was sent; what was typed since stays. */
  #saved(sent) {
    byId("task-notice").hidden = true;
    this.#fill(mergeFields(sent, this.#draft, fieldsOf(this.#base)).draft);
    if (!this.isDirty) setText(byId("task-saved"), "Saved");
    announce("Task saved.");
    this.hooks.onSaved();
    this.refresh();
  }

  /** Changes to different fields go together; for the same field the person chooses. */
  #stale(current, mayRetry) {
    const { draft, conflicts } = mergeFields(fieldsOf(this.#base), this.#draft, fieldsOf(current));
    this.#base = current;
    this.#fill(draft);
    this.state.putTask(current);
    if (!conflicts.length && mayRetry) return this.save(false);
    byId("task-notice").hidden = true;
    byId("task-save").hidden = true;
    this.#conflict.show(conflicts, draft, fieldsOf(current));
  }

  #saveChoice(theirs) {
    this.#fill({ ...this.#draft, ...theirs });
    this.#conflict.hide();
    byId("task-save").hidden = false;
    this.save();
  }

  #keepForCopying() {
    this.#notice(DELETED);
    this.#lock(true);
  }

  #lock(locked) {
    byId("task-save").hidden = locked;
    for (const field of FIELDS) this.#form.elements[field].readOnly = locked;
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
    const note = byId("task-saved");
    if (this.isDirty) setText(note, UNSAVED);
    else if (note.textContent === UNSAVED) setText(note, "");
  }

  #notice(text) {
    byId("task-notice").hidden = false;
    setText(byId("task-notice"), text);
  }
}
