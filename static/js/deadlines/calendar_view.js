// Draws the calendar: weeks as a grid with bars over them, or in a narrow window the days one below the other.
// Drawn anew as a whole: at most some hundred tasks are in sight. The focus stays on the task that had it.
import { byId, fromTemplate, setText } from "../lib/dom.js";
import { dueState } from "../boards/due.js";
import { addressOf, agendaOf, layOutWeek, sortTasks, weeksOf } from "./calendar_state.js";
import { isWholeDay, zoneOf } from "./rules.js";

const MOST_OF_A_DAY = 4; // in a month; more are behind a link to the week
const MOST_UNDATED = 100;
const STATES = { overdue: ", overdue", today: ", due today", soon: ", due soon", later: "", none: "" };

export class CalendarView {
  heldDay = null; // the day over which a task is held by the keyboard

  /** `formats`, `zone`, `weekStart` are the viewer's; now() the present moment; `narrow` a media query. */
  constructor({ formats, zone, weekStart, locale, now, narrow }) {
    Object.assign(this, { formats, zone, weekStart, now, narrow });
    const words = (options) => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    this.words = {
      month: words({ month: "long", year: "numeric" }),
      weekday: words({ weekday: "short" }),
      short: words({ month: "short", day: "numeric" }),
      agenda: words({ weekday: "short", month: "short", day: "numeric" }),
      long: words({ weekday: "long", month: "long", day: "numeric", year: "numeric" }),
    };
  }

  get today() {
    return this.formats.dayKey(new Date(this.now()));
  }

  dayName(day) {
    return this.words.long.format(new Date(day));
  }

  show(tasks, address) {
    const focused = document.activeElement?.closest?.(".chip")?.dataset;
    const { dated, undated } = sortTasks(tasks, this.formats.dayKey);
    const weeks = weeksOf(address, this.weekStart);
    byId("cal").dataset.view = this.narrow.matches ? "agenda" : address.view;
    this.#showTitle(weeks, address);
    const drawn = this.narrow.matches
      ? agendaOf(weeks, dated, address, [this.today, this.heldDay]).map(({ day, tasks: due }) => this.#day(day, due, address, 0))
      : weeks.map((week) => this.#week(week, dated, address));
    byId("cal-weeks").replaceChildren(...drawn);
    this.#showEmptiness(weeks, dated, address);
    this.#showTray(undated);
    if (focused) this.focus(focused.id, focused.part);
  }

  chipOf(id, part = "") {
    const chips = [...document.querySelectorAll(`.chip[data-id="${CSS.escape(id)}"]`)];
    return chips.find((chip) => chip.dataset.part === part) ?? chips[0];
  }

  focus(id, part) {
    const button = this.chipOf(id, part)?.querySelector("button");
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: "nearest" });
  }

  /** Marks the day over which a task is held; null for none. Answers whether that day is in sight. */
  mark(day) {
    for (const marked of document.querySelectorAll(".is-target")) marked.classList.remove("is-target");
    const target = day && (day === "tray" ? byId("cal-tray") : document.querySelector(`.cal-day[data-day="${day}"]`));
    target?.classList.add("is-target");
    target?.scrollIntoView({ block: "nearest" });
    return Boolean(target);
  }

  #showTitle(weeks, { view, on }) {
    const name = (format, day) => format.format(new Date(day));
    const [first, last] = [weeks[0][0], weeks[0][6]];
    const week = `${name(this.words.short, first)} – ${name(this.words.short, last)}, ${last.slice(0, 4)}`;
    setText(byId("cal-title"), view === "week" ? week : name(this.words.month, on));
    byId("cal-weekdays").replaceChildren(...weeks[0].map((day) =>
      Object.assign(document.createElement("span"), { textContent: name(this.words.weekday, day) })));
  }

  #week(days, dated, address) {
    const { bars, days: singles, lanes } = layOutWeek(days, dated);
    const element = Object.assign(document.createElement("div"), { className: "cal-week" });
    element.style.setProperty("--lanes", lanes);
    const limit = address.view === "week" ? Infinity : MOST_OF_A_DAY;
    element.append(...days.map((day) => this.#day(day, singles.get(day), address, limit)));
    if (!bars.length) return element;
    const list = Object.assign(document.createElement("ul"), { className: "cal-bars", ariaLabel: "Over several days" });
    list.append(...bars.map((bar) => this.#bar(bar, days)));
    element.append(list);
    return element;
  }

  #bar({ task, from, to, lane, begins, ends }, days) {
    const chip = this.#chip(task, days[0]);
    chip.classList.add("bar");
    chip.classList.toggle("is-cut-left", !begins);
    chip.classList.toggle("is-cut-right", !ends);
    chip.style.setProperty("--from", from);
    chip.style.setProperty("--days", to - from + 1);
    chip.style.setProperty("--lane", lane);
    return chip;
  }

  #day(day, tasks, address, limit) {
    const element = fromTemplate("day-template");
    const date = new Date(day);
    const isAgenda = this.narrow.matches;
    element.dataset.day = day;
    element.classList.toggle("is-today", day === this.today);
    element.classList.toggle("is-outside", !isAgenda && address.view === "month" && !day.startsWith(address.on.slice(0, 7)));
    const isFirst = day.endsWith("-01");
    const short = isAgenda ? this.words.agenda.format(date) : isFirst ? this.words.short.format(date) : String(date.getUTCDate());
    setText(element.querySelector(".day-short"), short);
    setText(element.querySelector(".day-long"), day === this.today ? `${this.dayName(day)}, today` : this.dayName(day));
    const shown = limit && tasks.length > limit ? tasks.slice(0, limit - 1) : tasks;
    element.querySelector(".day-tasks").append(...shown.map((task) => this.#chip(task, "")));
    if (shown.length < tasks.length) this.#showMore(element.querySelector(".day-more"), day, tasks.length - shown.length);
    element.querySelector(".day-tasks").ariaLabel = this.dayName(day);
    if (!tasks.length) element.querySelector(".day-tasks").remove();
    return element;
  }

  #showMore(link, day, count) {
    link.hidden = false;
    link.href = addressOf({ view: "week", on: day });
    link.textContent = `${count} more`;
    link.setAttribute("aria-label", `${count} more on ${this.dayName(day)}, show the week`);
  }

  #chip(task, part) {
    const chip = fromTemplate("chip-template");
    Object.assign(chip.dataset, { id: task.id, part });
    const state = dueState(task.dueAt, this.now(), this.formats, Boolean(task.completedAt));
    chip.dataset.due = state;
    chip.classList.toggle("is-done", Boolean(task.completedAt));
    setText(chip.querySelector(".chip-title"), task.title);
    setText(chip.querySelector(".chip-state"), task.completedAt ? ", done" : STATES[state]);
    const isTimed = task.dueAt && !isWholeDay(task.dueAt, zoneOf(task, this.zone));
    setText(chip.querySelector(".chip-time"), isTimed ? `${this.formats.clock(new Date(task.dueAt))} ` : "");
    chip.querySelector("button").title = task.dueAt ? `${task.title}, due ${this.formats.seen(new Date(task.dueAt))}` : task.title;
    return chip;
  }

  #showEmptiness(weeks, dated, { view }) {
    const [first, last] = [weeks[0][0], weeks.at(-1)[6]];
    const isEmpty = !dated.some((span) => span.first <= last && span.last >= first);
    byId("cal-none").hidden = !isEmpty;
    setText(byId("cal-none"), isEmpty ? `Nothing is due this ${view}. Give a task a date: drag it here, or choose it and “Change date”.` : "");
  }

  #showTray(undated) {
    setText(byId("tray-count"), String(undated.length));
    byId("tray-none").hidden = undated.length > 0;
    const chips = undated.slice(0, MOST_UNDATED).map((task) => this.#chip(task, ""));
    if (undated.length > MOST_UNDATED) {
      const rest = `and ${undated.length - MOST_UNDATED} more on the board`;
      chips.push(Object.assign(document.createElement("li"), { className: "tray-rest", textContent: rest }));
    }
    byId("tray-tasks").replaceChildren(...chips);
  }
}
