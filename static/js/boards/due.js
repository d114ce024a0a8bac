// How near a due date is, in the viewer's days. Pure: now and the formats are arguments.
import { calendarDays } from "../lib/time.js";

const SOON_MS = 48 * 3_600_000;

/** overdue, today, soon (within 48 hours), later or none; what is done presses nobody. As app/deadlines/rules.py. */
export function dueState(dueAt, now, formats, isDone = false) {
  if (!dueAt || isDone) return "none";
  const due = new Date(dueAt);
  if (due < now) return "overdue";
  if (calendarDays(due, now, formats) === 0) return "today";
  return due - now <= SOON_MS ? "soon" : "later";
}

/** {kind: a state as above, text} for a due moment; days are those of the viewer. */
export function dueMark(dueAt, now, formats, isDone = false) {
  const due = new Date(dueAt);
  const kind = dueState(dueAt, now, formats, isDone);
  const days = calendarDays(due, now, formats);
  if (kind === "overdue") return { kind, text: lateText(days) };
  if (kind === "today") return { kind, text: "Due today" };
  if (kind === "soon") return { kind, text: days === -1 ? "Due tomorrow" : `Due ${formats.weekday(due)}` };
  const sameYear = formats.dayKey(due).slice(0, 4) === formats.dayKey(now).slice(0, 4);
  return { kind, text: sameYear ? formats.shortDay(due) : formats.day(due) };
}

function lateText(days) {
  if (days <= 0) return "Overdue";
  return days === 1 ? "1 day overdue" : `${days} days overdue`;
}

/** The value of <input type="datetime-local"> for a moment, in the browser's own time zone; "" for none. */
export function toLocalInput(iso) {
  if (!iso) return "";
  const date = new Date(iso);
  const [month, day, hour, minute] = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()]
    .map((number) => String(number).padStart(2, "0"));
  return `${date.getFullYear()}-${month}-${day}T${hour}:${minute}`;
}

export const fromLocalInput = (value) => (value ? new Date(value).toISOString() : null);
