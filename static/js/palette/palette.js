// The palette: a field that finds boards, tasks, people, pages and what can be done here, with the keyboard alone.
// A combobox: the focus stays in the field, arrow keys choose in the list below it.
import * as api from "../lib/api.js";
import { announce } from "../lib/announce.js";
import { openDialog } from "../lib/dialog.js";
import { element, icon } from "../lib/dom.js";
import { groupsFor, keep, step } from "./state.js";

const TYPING_PAUSE_MS = 160;
const MOST_BOARDS = 200;
const moreAt = (query) => `/search?q=${encodeURIComponent(query)}`;
let palette = null;

/** `commands`: {title, hint, run}, or functions that answer such, or null where it cannot be done now. */
export function open(commands) {
  palette ??= new Palette();
  palette.open(commands);
}

class Palette {
  #field = element("input", { className: "palette-field", type: "text", autocomplete: "off", maxLength: 200, placeholder: "Search or go to…", spellcheck: false });
  #list = element("div", { className: "palette-list", id: "palette-list", role: "listbox", ariaLabel: "Results" });
  #note = element("p", { className: "palette-note", role: "status" });
  #dialog = element("dialog", { className: "dialog palette", ariaLabel: "Search and commands" },
    element("div", { className: "palette-head" }, icon("search"), this.#field), this.#list, this.#note);
  #things = {};
  #items = [];
  #chosen = null;
  #picked = null; // chosen by an arrow key: stays, while the first one may be another with each answer
  #pause = null;
  #asking = null;
  #boards = null;

  constructor() {
    const roles = { role: "combobox", "aria-label": "Search or go to", "aria-autocomplete": "list", "aria-controls": "palette-list", "aria-expanded": "true" };
    for (const [name, value] of Object.entries(roles)) this.#field.setAttribute(name, value);
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", (event) => this.#click(event));
    this.#dialog.addEventListener("close", () => this.#forget());
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.#dialog.close());
    document.body.append(this.#dialog);
  }

  open(commands) {
    if (this.#dialog.open) return this.#field.select();
    const offered = commands.map((command) => (typeof command === "function" ? command() : command)).filter(Boolean);
    this.#things = { Commands: offered.map((command, place) => ({ id: `command-${place}`, icon: "bolt", ...command })), Pages: pages() };
    this.#field.value = "";
    this.#picked = null;
    openDialog(this.#dialog);
    this.#show();
    this.#loadBoards();
  }

  async #loadBoards() {
    try {
      this.#boards ??= (await api.get(`/api/boards?limit=${MOST_BOARDS}`)).items;
      this.#things.Boards = this.#boards.map(({ id, name, organizationName }) => (
        { id: `board-${id}`, title: name, hint: organizationName, icon: "layout-kanban", href: `/boards/${id}` }));
      this.#show();
    } catch (error) {
      this.#note.textContent = error.message;
    }
  }

  #typed() {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    if (!this.#field.value.trim()) this.#things.Tasks = this.#things.People = [];
    this.#picked = null;
    this.#show();
    if (this.#field.value.trim()) this.#pause = setTimeout(() => this.#ask(this.#field.value.trim()), TYPING_PAUSE_MS);
  }

  async #ask(query) {
    const asking = this.#asking = new AbortController();
    const words = encodeURIComponent(query);
    try {
      const [tasks, people] = await Promise.all([
        api.get(`/api/search?limit=8&q=${words}`, asking),
        api.get(`/api/people?limit=5&search=${words}`, asking),
      ]);
      this.#things.Tasks = tasks.items.map(taskItem);
      this.#things.People = people.items.map(({ userId, name, email }) => (
        { id: `person-${userId}`, title: name, hint: email ?? "", icon: "users", href: `/people/${userId}` }));
      this.#show();
      announce(`${this.#items.length} ${this.#items.length === 1 ? "result" : "results"}`);
    } catch (error) {
      if (!asking.signal.aborted) this.#note.textContent = error.message;
    }
  }

  #show() {
    const groups = groupsFor(this.#field.value, this.#things, moreAt);
    this.#items = groups.flatMap(({ items }) => items);
    this.#chosen = keep(this.#items, this.#picked);
    this.#note.textContent = this.#items.length ? "" : "Nothing found.";
    this.#list.replaceChildren(...groups.map(({ name, items }) => element("div", { className: "palette-group", role: "group", ariaLabel: name },
      element("p", { className: "palette-name", ariaHidden: "true" }, name), ...items.map(option))));
    this.#mark();
  }

  #mark() {
    for (const row of this.#list.querySelectorAll("[role=option]")) {
      row.setAttribute("aria-selected", String(row.id === optionId(this.#chosen)));
      if (row.id === optionId(this.#chosen)) row.scrollIntoView({ block: "nearest" });
    }
    if (this.#chosen) this.#field.setAttribute("aria-activedescendant", optionId(this.#chosen));
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (event.isComposing) return;
    if (["ArrowDown", "ArrowUp", "PageDown", "PageUp"].includes(event.key)) {
      event.preventDefault();
      this.#chosen = this.#picked = step(this.#items, this.#chosen, event.key);
      this.#mark();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.#run(this.#items.find(({ id }) => id === this.#chosen), event.ctrlKey || event.metaKey);
  }

  #click(event) {
    const row = event.target.closest("[role=option]");
    if (row) this.#run(this.#items.find(({ id }) => optionId(id) === row.id), event.ctrlKey || event.metaKey);
  }

  #run(item, inNewTab) {
    if (!item) return;
    this.#dialog.close();
    if (item.run) item.run();
    else if (inNewTab) window.open(item.href, "_blank", "noopener");
    else location.assign(item.href);
  }

  #forget() {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    this.#boards = null; // another time there may be others
  }
}

const optionId = (id) => `palette-${id}`;

function option({ id, title, hint, icon: name = "search", parts }) {
  const shown = parts?.map(({ text, hit }) => (hit ? element("mark", {}, text) : text)) ?? [title];
  return element("div", { className: "palette-item", id: optionId(id), role: "option" }, icon(name),
    element("span", { className: "palette-title" }, ...shown), element("span", { className: "palette-hint" }, hint ?? ""));
}

function taskItem({ task, boardName, listName, title }) {
  const state = task.isArchived ? "Archived · " : task.completedAt ? "Done · " : "";
  return {
    id: `task-${task.id}`, title: task.title, parts: title, icon: "checkbox",
    hint: `${state}${boardName} · ${listName}`, href: `/boards/${task.boardId}#/tasks/${task.id}`,
  };
}

/** Whatever the navigation offers to this person. */
function pages() {
  const links = [...document.querySelectorAll("#main-nav a[href], #account-menu a[href]")];
  return links.map((link, place) => ({ id: `page-${place}`, title: link.textContent.trim(), icon: "arrow-right", href: link.href }));
}
