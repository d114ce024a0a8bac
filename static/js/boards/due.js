// How near a due date is, in the viewer's days. Pure: now and the formats are arguments.
import { calendarDays } from "../lib/time.js";

/** {kind: overdue|today|tomorrow|later, text} for a due moment; days are those of the viewer. */
export function dueMark(dueAt, now, formats) {
  const due = new Date(dueAt);
  const days = calendarDays(due, now, formats);
  if (due < now) return { kind: "overdue", text: lateText(days) };
  if (days === 0) return { kind: "today", text: "Due today" };
  if (days === -1) return { kind: "tomorrow", text: "Due tomorrow" };
  const sameYear = formats.dayKey(due).slice(0, 4) === formats.dayKey(now).slice(0, 4);
  return { kind: "later", text: sameYear ? formats.shortDay(due) : formats.day(due) };
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
