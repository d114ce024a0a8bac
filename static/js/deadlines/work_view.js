// Draws My work: adopts the rows the server drew, then touches only what changed; focus and place stay.
import { dueMark } from "../boards/due.js";
import { byId, fromTemplate, place, setText } from "../lib/dom.js";
import { isWholeDay, zoneOf } from "./rules.js";

export class WorkView {
  #rows = new Map();

  /** `formats` and `zone` are the viewer's; now() the present moment. */
  constructor({ formats, zone, now }) {
    Object.assign(this, { formats, zone, now });
    for (const row of byId("work").querySelectorAll(".work-task")) this.#rows.set(row.dataset.id, row);
  }

  /** `arranged` as WorkState has it, `done` the tasks done just now. */
  show(arranged, done) {
    const shown = new Set();
    for (const [bucket, { tasks, count, more }] of Object.entries(arranged)) this.#section(bucket, tasks, count, more, shown);
    this.#section("done", [...done], done.length, false, shown);
    for (const [id, row] of this.#rows) {
      if (shown.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    byId("work-none").hidden = shown.size > 0;
  }

  rowOf(id) {
    return this.#rows.get(id);
  }

  #section(bucket, tasks, count, more, shown) {
    const section = byId("work").querySelector(`[data-bucket="${bucket}"]`);
    const list = section.querySelector(".work-tasks");
    section.hidden = tasks.length === 0;
    setText(section.querySelector(".work-count"), String(count));
    const button = section.querySelector(".work-more");
    if (button) {
      button.hidden = !more;
      setText(button, `Show more of ${count}`);
    }
    let next = list.firstElementChild;
    for (const task of tasks) {
      shown.add(task.id);
      const row = this.#rows.get(task.id) ?? fromTemplate("work-template");
      this.#rows.set(task.id, row);
      this.#fill(row, task);
      if (row === next) next = next.nextElementSibling;
      else place(list, row, next);
    }
  }

  #fill(row, task) {
    const part = (name) => row.querySelector(`.work-${name}`);
    row.dataset.id = task.id;
    row.classList.toggle("is-done", Boolean(task.completedAt));
    part("check").checked = Boolean(task.completedAt);
    part("check").setAttribute("aria-label", `${task.title} is done`);
    setText(part("title"), task.title);
    part("title").href = `/boards/${task.boardId}#/tasks/${task.id}`;
    setText(part("board"), task.boardName);
    part("board").dataset.hue = task.boardColor;
    setText(part("list"), task.listName);
    part("priority").hidden = task.priority === "none" || task.priority === "low";
    part("priority").dataset.priority = task.priority;
    setText(part("priority"), task.priority[0].toUpperCase() + task.priority.slice(1));
    part("watched").hidden = task.isAssigned;
    this.#fillDue(part("due"), task);
  }

  #fillDue(button, task) {
    const time = button.querySelector("time");
    if (!task.dueAt) {
      time.removeAttribute("datetime");
      time.removeAttribute("data-due");
      button.title = "";
      setText(time, "Set a date");
    } else {
      const { kind, text } = dueMark(task.dueAt, this.now(), this.formats, Boolean(task.completedAt));
      time.dateTime = task.dueAt;
      time.dataset.due = kind;
      button.title = `Due ${this.formats.exact(new Date(task.dueAt))}`;
      const isSoon = kind === "today" || kind === "soon";
      const clock = isSoon && !isWholeDay(task.dueAt, zoneOf(task, this.zone)) ? `, ${this.formats.clock(new Date(task.dueAt))}` : "";
      setText(time, text + clock);
    }
    button.setAttribute("aria-label", task.dueAt ? `${time.textContent}, change the date of ${task.title}` : `Set a date for ${task.title}`);
  }
}
