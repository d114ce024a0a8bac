// Asks when a task is due: a day, and a time if there is one. Stays open with what was typed when saving fails.
import { openDialog } from "../lib/dialog.js";
import { byId } from "../lib/dom.js";
import { clearErrors, showErrors } from "../lib/forms.js";
import { addDays, daysBetween, endOfDay, isWholeDay, momentAt, shifted, wallTime } from "./rules.js";

const MINUTE_MS = 60_000;

export class DateDialog {
  #form = byId("date-form");
  #task = null;
  #save = null;

  /** `zone` is the viewer's; now() the present moment. */
  constructor({ zone, now }) {
    Object.assign(this, { zone, now });
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#form.querySelector(".date-quick").addEventListener("click", (event) => {
      const { days } = event.target.closest("[data-days]")?.dataset ?? {};
      if (days) this.#choose(days);
    });
  }

  /** `save(changes)` is called with what to save of the task; what it throws is shown in the dialog. */
  open(task, save) {
    this.#task = task;
    this.#save = save;
    clearErrors(this.#form);
    byId("date-dialog-title").textContent = `When is “${task.title}” due?`;
    const { day, ms } = task.dueAt ? wallTime(new Date(task.dueAt), this.zone) : { day: "", ms: 0 };
    this.#form.elements.day.value = day;
    this.#form.elements.time.value = day && !isWholeDay(task.dueAt, this.zone) ? clockOf(ms) : "";
    openDialog(byId("date-dialog"));
    this.#form.elements.day.focus();
  }

  #choose(days) {
    const { elements } = this.#form;
    if (days === "none") elements.day.value = elements.time.value = "";
    else elements.day.value = addDays(wallTime(new Date(this.now()), this.zone).day, Number(days));
    this.#send();
  }

  #submit(event) {
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const { day, time } = this.#form.elements;
    clearErrors(this.#form);
    const wrong = day.validity.badInput || day.validity.rangeUnderflow || day.validity.rangeOverflow;
    if (wrong || (!day.value && time.value)) {
      const message = wrong ? "Enter a day between 1970 and 2199, such as 12 August 2026." : "Choose the day too, or clear the time.";
      showErrors(this.#form, { errors: [{ field: "dueAt", message }] });
      day.focus();
      return;
    }
    const submit = this.#form.querySelector("[type=submit]");
    submit.disabled = true;
    try {
      const changes = datesOf(this.#task, day.value, time.value, this.zone);
      if (changes) await this.#save(changes);
      byId("date-dialog").close();
    } catch (error) {
      showErrors(this.#form, error);
    } finally {
      submit.disabled = false;
    }
  }
}

/** What to save, or null when that is what the task has. A start goes along, so that it stays before the end. */
export function datesOf(task, day, time, zone) {
  if (!day) return task.dueAt ? { dueAt: null } : null;
  const dueAt = time ? momentAt(day, minutesOf(time) * MINUTE_MS, zone).toISOString() : endOfDay(day, zone);
  if (task.dueAt && Date.parse(task.dueAt) === Date.parse(dueAt)) return null;
  const changes = { dueAt, timeZone: zone };
  if (!task.startAt) return changes;
  if (task.dueAt) {
    const days = daysBetween(wallTime(new Date(task.dueAt), zone).day, day);
    if (days) changes.startAt = shifted(task.startAt, days, zone);
  }
  if (Date.parse(changes.startAt ?? task.startAt) > Date.parse(dueAt)) changes.startAt = dueAt;
  return changes;
}

const minutesOf = (time) => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

function clockOf(ms) {
  const minutes = Math.floor(ms / MINUTE_MS);
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
