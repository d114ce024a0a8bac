// The filter of the board: text, labels, people, due date and status, kept in the address so that it can be shared.
// Hides cards and nothing else; what changes meanwhile is shown or hidden by the same rule.
import { formats, now } from "../lib/clock.js";
import { byId, element, icon, option, setText } from "../lib/dom.js";
import { putBeside, walk } from "../lib/menu.js";
import { DUE, STATUS, countWords, emptyFilter, fits, isEmpty, readFilter, writeFilter } from "./filter_state.js";

const TYPING_PAUSE_MS = 200;
const NONE = "No task fits. Take back a part of the filter, or clear it to see all.";

export class FilterBar {
  #filter = emptyFilter();
  #pause = null;
  #text = element("input", { className: "form-control filter-text", type: "search", placeholder: "Filter by words", ariaLabel: "Filter by words", autocomplete: "off", maxLength: 200 });
  #labels = choices("Labels");
  #people = choices("People");
  #due = select("Due date", "Any due date", DUE);
  #status = select("Status", "Open and done", { ...STATUS, archived: "Archived…" });
  #count = element("p", { className: "filter-count", role: "status" });
  #none = element("p", { className: "filter-none" }, NONE);
  #clear = element("button", { className: "btn btn-sm", type: "button" }, "Clear filter");
  #close = element("button", { className: "icon-button", type: "button", ariaLabel: "Close the filter" }, icon("x"));
  #bar = element("section", { className: "filter-bar", id: "filter-bar", ariaLabel: "Filter", hidden: true },
    this.#text, this.#labels.element, this.#people.element, this.#due, this.#status, this.#count, this.#clear, this.#close, this.#none);

  /** `board`: as in finding.js. */
  constructor(board) {
    Object.assign(this, board);
    document.querySelector(".board-header").after(this.#bar);
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => event.key === "Escape" && !this.#text.value && this.#shut());
    for (const { element: part } of [this.#labels, this.#people]) part.addEventListener("change", () => this.#choose());
    for (const part of [this.#due, this.#status]) part.addEventListener("change", () => this.#choose());
    this.#clear.addEventListener("click", () => this.#reset());
    this.#close.addEventListener("click", () => this.#shut());
    addEventListener("popstate", () => this.show());
  }

  /** Shows the bar, with what the address says. */
  show() {
    this.#filter = readFilter(location.search);
    if (!isEmpty(this.#filter)) this.#bar.hidden = false;
    if (!this.#bar.hidden) this.#fill();
    this.#apply();
  }

  /** For whoever asked for it; `preset` replaces what was chosen. */
  open(preset = null) {
    const isOpen = !this.#bar.hidden;
    this.#bar.hidden = false;
    if (preset) this.#set({ ...emptyFilter(), ...preset });
    if (!isOpen || preset) this.#fill();
    if (!preset) this.#text.focus();
    byId("filter-open").setAttribute("aria-expanded", "true");
    this.#apply();
  }

  /** A card was filled: is it still one to see? */
  card(card, task) {
    const isHidden = !fits(task, this.#filter, this.#about);
    if (card.hidden === isHidden) return;
    const hadFocus = isHidden && card.contains(document.activeElement);
    card.hidden = isHidden;
    if (hadFocus) (visible(card, "nextElementSibling") ?? visible(card, "previousElementSibling") ?? this.#text).focus();
  }

  /** `changes` as of BoardState.takeChanges(). */
  changed({ tasks, labels, members }) {
    if ((labels || members) && !this.#bar.hidden) this.#fill();
    if (tasks.size) this.#showCount();
  }

  get #about() {
    return { me: this.me, now: now(), formats };
  }

  #typed() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#filter = { ...this.#filter, q: this.#text.value.trim() };
      history.replaceState(null, "", this.#address);
      this.#apply();
    }, TYPING_PAUSE_MS);
  }

  #choose() {
    if (this.#status.value === "archived") return this.#toArchive();
    this.#set({
      q: this.#text.value.trim(), labels: this.#labels.chosen, people: this.#people.chosen,
      due: this.#due.value, status: this.#status.value,
    });
    this.#showNumbers();
    this.#apply();
  }

  /** What is archived has no card here. */
  #toArchive() {
    this.#status.value = this.#filter.status;
    byId("archive-open").click();
  }

  #reset() {
    this.#set(emptyFilter());
    this.#fill();
    this.#apply();
    this.#text.focus();
  }

  #shut() {
    if (!isEmpty(this.#filter)) this.#set(emptyFilter());
    clearTimeout(this.#pause);
    this.#bar.hidden = true;
    this.#apply();
    byId("filter-open").setAttribute("aria-expanded", "false");
    byId("filter-open").focus();
  }

  /** Each choice is a step that "back" takes back. */
  #set(filter) {
    this.#filter = filter;
    if (this.#address !== location.pathname + location.search + location.hash) history.pushState(null, "", this.#address);
  }

  get #address() {
    return location.pathname + writeFilter(location.search, this.#filter) + location.hash;
  }

  #fill() {
    const { q, labels, people, due, status } = this.#filter;
    if (document.activeElement !== this.#text) this.#text.value = q;
    this.#labels.fill([...this.state.labels.values()].map(({ id, name }) => ({ id, name })), labels);
    const others = [...this.state.members.values()].filter(({ userId }) => userId !== this.me);
    this.#people.fill([
      { id: "me", name: "Me" }, { id: "none", name: "Nobody" }, ...others.map(({ userId, name }) => ({ id: userId, name })),
    ], people);
    this.#due.value = due;
    this.#status.value = status;
    this.#showNumbers();
  }

  #showNumbers() {
    for (const part of [this.#labels, this.#people]) part.showNumber();
  }

  #apply() {
    for (const task of this.state.tasks.values()) {
      const card = this.view.cardOf(task.id);
      if (card) this.card(card, task);
    }
    this.#showCount();
  }

  #showCount() {
    const all = [...this.state.tasks.values()];
    const shown = all.filter((task) => fits(task, this.#filter, this.#about)).length;
    const active = !isEmpty(this.#filter);
    setText(this.#count, countWords(shown, all.length));
    this.#clear.hidden = !active;
    this.#none.hidden = !active || shown > 0;
    byId("filter-open").classList.toggle("is-active", active);
  }
}

function select(label, nothing, words) {
  const made = element("select", { className: "form-control select", ariaLabel: label });
  made.append(option("", nothing), ...Object.entries(words).map(([value, text]) => option(value, text)));
  return made;
}

/** A button with a popover of boxes to tick. */
function choices(name) {
  const button = element("button", { className: "btn filter-choice", type: "button", ariaExpanded: "false" });
  const list = element("div", { className: "menu filter-menu", popover: "auto", role: "group", ariaLabel: name });
  const root = element("div", {}, button, list);
  button.setAttribute("popovertarget", list.id = `filter-${name.toLowerCase()}`);
  list.addEventListener("toggle", (event) => {
    button.ariaExpanded = String(event.newState === "open");
    if (event.newState !== "open") return;
    putBeside(list, button);
    list.querySelector("input")?.focus();
  });
  list.addEventListener("keydown", (event) => walk([...list.querySelectorAll("input")], event));
  return {
    element: root,
    get chosen() { return [...list.querySelectorAll("input:checked")].map(({ value }) => value); },
    showNumber() {
      const number = list.querySelectorAll("input:checked").length;
      button.replaceChildren(name, ...(number ? [element("span", { className: "filter-number" }, String(number))] : []));
    },
    fill(things, chosen) {
      const focused = document.activeElement?.closest(".filter-menu") === list && document.activeElement.value;
      list.replaceChildren(...things.map(({ id, name: text }) => element("label", { className: "menu-item" },
        element("input", { type: "checkbox", value: id, checked: chosen.includes(id) }), text)));
      if (!things.length) list.append(element("p", { className: "filter-empty" }, `No ${name.toLowerCase()} on this board yet.`));
      if (focused) list.querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
    },
  };
}

function visible(card, side) {
  let other = card[side];
  while (other?.hidden) other = other[side];
  return other?.querySelector(".task-link") ?? null;
}
