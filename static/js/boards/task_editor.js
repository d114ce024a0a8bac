// The form of one task: what was typed, saving by version, and what to do when two people edit at once.
// Nobody's words are dropped: a stale save is merged field by field, and a real conflict is shown.
import { announce, toast } from "../lib/announce.js";
import { byId, setText } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { showDue } from "./card.js";
import { Conflict } from "./task_conflict.js";
import { Description } from "./task_description.js";
import { DATES, FIELDS, changedFields, fieldsOf, mergeFields } from "./task_merge.js";
import { TimeZoneNote, ownZone } from "./task_zone.js";

const CHANGED_TOO = "Somebody else changed this task too. Your words are kept; saving shows both versions.";
const DELETED = "This task was deleted meanwhile. Your words are still here to copy; they cannot be saved.";
const UNSAVED = "Not saved yet";

export class TaskEditor {
  #form = byId("task-form");
  #base = null; // the task as it was when the editing began
  #saving = false;
  #waiting = new Set(); // fields to save when the server has answered
  #conflict = new Conflict((chosen) => this.#saveChoice(chosen));
  #description = new Description();
  #zone = new TimeZoneNote();

  /** `hooks`: onTyping(taskId), onTypingEnd(), onSaved(). */
  constructor(state, actions, hooks) {
    Object.assign(this, { state, actions, hooks });
    this.#form.addEventListener("input", (event) => this.#input(event));
    this.#form.elements.priority.addEventListener("change", () => this.save({ fields: ["priority"] }));
    this.#form.addEventListener("focusout", (event) => this.#left(event.target));
    this.#form.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    this.#form.addEventListener("click", (event) => this.#clear(event.target.closest("[data-clear]")?.dataset.clear));
  }

  get isDirty() {
    return this.#base !== null && Object.keys(this.#changes()).length > 0;
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
    this.#put(fieldsOf(task));
    this.#description.open(task.description);
    this.#showSave();
    this.#showHead();
  }

  close() {
    this.#base = null;
    this.#waiting.clear();
    this.hooks.onTypingEnd();
  }

  /** What the server made of the description, when it answered with it. */
  hearMarkup(markdown, html) {
    this.#description.hear(markdown, html);
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

  /** `fields`: only these; what else was typed stays unsaved. */
  async save({ fields = FIELDS, mayRetry = true } = {}) {
    if (this.#saving) return this.#saveLater(fields);
    if (this.#conflict.isOpen || this.isDeleted) return;
    clearErrors(this.#form);
    this.hooks.onTypingEnd();
    if (fields.includes("title") && showMissing(this.#form, "title", "A task needs a title.")) return;
    const changes = this.#changes(fields);
    if (!Object.keys(changes).length) return this.#showSave("Saved");
    const sent = { ...fieldsOf(this.#base), ...pick(this.#draft, fields) };
    const { id } = this.#base;
    this.#saving = true;
    try {
      const saved = await this.actions.tasks.save(id, changes, this.#base.version);
      this.#saving = false;
      if (this.#base?.id === id) this.#saved(saved, sent);
    } catch (error) {
      this.#saving = false;
      if (this.#base?.id !== id) toast(`Not everything was saved. ${error.message}`);
      else if (error.code === "conflict" && error.current) this.#stale(error.current, { fields, mayRetry });
      else showErrors(this.#form, error);
    }
    this.#saveWhatWaits();
  }

  /** One after the other, since each needs the version that the one before has made. */
  #saveLater(fields) {
    for (const field of fields) this.#waiting.add(field);
  }

  #saveWhatWaits() {
    const fields = [...this.#waiting];
    this.#waiting.clear();
    if (fields.length && this.#base) this.save({ fields });
  }

  get #draft() {
    return Object.fromEntries(FIELDS.map((field) => [field, this.#form.elements[field].value]));
  }

  #changes(fields = FIELDS) {
    return changedFields(fieldsOf(this.#base), this.#draft, ownZone(), fields);
  }

  #input(event) {
    if (event.target.name) this.hooks.onTyping(this.#base.id);
    this.#showSave();
  }

  /** A date is done when one goes on; while it is typed each digit makes another one. */
  #left(field) {
    this.hooks.onTypingEnd();
    if (this.#base && DATES.includes(field.name) && field.validity.valid) this.save({ fields: [field.name] });
  }

  #clear(name) {
    if (!name) return;
    this.#form.elements[name].value = "";
    this.save({ fields: [name] });
  }

  /** A title is one line, however long: Enter saves there, and with Ctrl everywhere. */
  #key(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.target.name !== "title" && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.save();
  }

  /** The server may have trimmed what was sent; what was typed since stays. */
  #saved(task, sent) {
    this.#base = task;
    byId("task-notice").hidden = true;
    this.#fill(mergeFields(sent, this.#draft, fieldsOf(this.#base)).draft);
    this.#showSave("Saved");
    this.#description.saved();
    announce("Task saved.");
    this.hooks.onSaved();
    this.#showHead();
    this.refresh();
  }

  /** Changes to different fields go together; for the same field the person chooses. */
  #stale(current, { fields, mayRetry }) {
    const base = fieldsOf(this.#base);
    const { draft, conflicts } = mergeFields(base, this.#draft, fieldsOf(current));
    this.#base = current;
    this.#fill(draft);
    this.state.putTask(current);
    if (!conflicts.length && mayRetry) return this.save({ fields, mayRetry: false });
    byId("task-notice").hidden = true;
    byId("task-save").hidden = true;
    this.#conflict.show(conflicts, { base, mine: draft, theirs: fieldsOf(current) });
  }

  #saveChoice(chosen) {
    this.#fill({ ...this.#draft, ...chosen });
    this.#conflict.hide();
    byId("task-save").hidden = false;
    this.save();
  }

  #keepForCopying() {
    this.#notice(DELETED);
    this.#description.edit();
    this.#lock(true);
  }

  #lock(locked) {
    byId("task-save").hidden = locked;
    for (const field of FIELDS) this.#form.elements[field][field === "priority" ? "disabled" : "readOnly"] = locked;
  }

  #put(draft) {
    for (const field of FIELDS) {
      const control = this.#form.elements[field];
      if (control.value !== draft[field]) control.value = draft[field];
    }
  }

  #fill(draft) {
    this.#put(draft);
    this.#description.refresh(!this.isDirty);
    this.#showSave();
  }

  #showHead() {
    setText(byId("task-panel-list"), this.state.lists.get(this.#base.listId)?.name ?? "");
    showDue(byId("task-due-mark"), this.#base.dueAt, Boolean(this.#base.completedAt));
    this.#zone.show(this.#base);
  }

  #showSave(outcome = "") {
    const note = byId("task-saved");
    if (this.isDirty) setText(note, UNSAVED);
    else if (outcome || note.textContent === UNSAVED) setText(note, outcome);
  }

  #notice(text) {
    byId("task-notice").hidden = false;
    setText(byId("task-notice"), text);
  }
}

const pick = (fields, names) => Object.fromEntries(names.map((name) => [name, fields[name]]));
