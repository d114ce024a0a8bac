// Shows lists and tasks: adopts what the server rendered, then touches only what changed.
// An element whose place did not change is never moved, so focus, caret and scroll stay where they are.
import { byId, fromTemplate, oncePerFrame, place, setText } from "../lib/dom.js";
import { fillCard, showDue, showTypingIn } from "./card.js";
import { byPosition } from "./state.js";

export class BoardView {
  #lists = new Map(); // id -> {element, thing as last shown}
  #tasks = new Map();
  #root = byId("lists");
  #held = false;

  /**
   * `hooks`: onBoard(), onMembers(), onList(element) for lists that are new on the page, onCard(element,
   * task) for cards that were filled, onChanges(changes) with what BoardState.takeChanges() says.
   */
  constructor(state, hints, hooks) {
    Object.assign(this, { state, hints, hooks });
    this.update = oncePerFrame(() => this.sync());
    const use = ({ target }) => target.closest?.(".list")?.classList.add("is-used");
    for (const name of ["pointerover", "focusin", "touchstart"]) this.#root.addEventListener(name, use, { passive: true });
    this.#adopt();
  }

  /** While a card is being dragged nothing else moves. */
  hold() {
    this.#held = true;
  }

  release() {
    this.#held = false;
    this.update();
  }

  sync() {
    if (this.#held) return;
    const changes = this.state.takeChanges();
    for (const id of changes.lists) this.#showList(id);
    for (const id of changes.tasks) this.#showTask(id);
    if (changes.labels || changes.members) this.#showNames(changes.tasks);
    if (changes.lists.size || changes.tasks.size) this.#showCounts();
    if (changes.board) this.hooks.onBoard();
    if (changes.members) this.hooks.onMembers();
    this.hooks.onChanges(changes);
  }

  showTyping(taskIds) {
    for (const id of new Set(taskIds)) {
      const card = id && this.#tasks.get(id)?.element;
      if (card) showTypingIn(card, this.hints.textFor(id));
    }
  }

  /** Today turns into yesterday while the page stays open. */
  refreshDue() {
    for (const { element, thing } of this.#tasks.values()) {
      showDue(element.querySelector(".due"), thing.dueAt, Boolean(thing.completedAt));
    }
  }

  cardOf(taskId) {
    return this.#tasks.get(taskId)?.element;
  }

  listElement(listId) {
    return this.#lists.get(listId)?.element;
  }

  focusCard(taskId) {
    const link = this.cardOf(taskId)?.querySelector(".task-link");
    link?.focus();
    link?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** By its name, which Tab passes by. */
  focusList(listId) {
    const name = this.listElement(listId)?.querySelector(".list-name");
    if (!name) return;
    name.tabIndex = -1;
    name.focus();
    name.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** The server renders the first cards of each list only, so that a board of thousands comes quickly. */
  #adopt() {
    this.state.takeChanges();
    for (const element of this.#root.querySelectorAll(".list")) {
      const { id } = element.dataset;
      this.#lists.set(id, { element, thing: this.state.lists.get(id) });
      this.hooks.onList(element);
    }
    for (const element of this.#root.querySelectorAll(".task")) {
      this.#fill(element, this.state.tasks.get(element.dataset.id));
    }
    const missing = [...this.state.tasks.values()].filter(({ id }) => !this.#tasks.has(id)).sort(byPosition);
    for (const task of missing) {
      const element = this.#fill(fromTemplate("task-template"), task);
      this.#lists.get(task.listId)?.element.querySelector(".tasks").append(element);
    }
    this.#showCounts();
  }

  #fill(element, task) {
    fillCard(element, task, this.state);
    this.#tasks.set(task.id, { element, thing: task });
    this.hooks.onCard(element, task);
    return element;
  }

  /** Labels or people have other names now. */
  #showNames(shownAlready) {
    for (const [id, { element }] of this.#tasks) {
      if (!shownAlready.has(id)) fillCard(element, this.state.tasks.get(id), this.state);
    }
  }

  #showList(id) {
    const list = this.state.lists.get(id);
    const shown = this.#lists.get(id);
    if (!list) return this.#drop(this.#lists, id);
    const element = shown?.element ?? this.#newList(id);
    fillList(element, list);
    this.#lists.set(id, { element, thing: list });
    if (shown?.thing.position === list.position) return;
    place(this.#root, element, this.#nextOf(this.#root, this.#lists, list));
  }

  #newList(id) {
    const element = fromTemplate("list-template");
    element.dataset.id = element.querySelector(".tasks").dataset.listId = id;
    this.hooks.onList(element);
    return element;
  }

  #showTask(id) {
    const task = this.state.tasks.get(id);
    const shown = this.#tasks.get(id);
    const column = task && this.#lists.get(task.listId)?.element.querySelector(".tasks");
    if (!column) return this.#drop(this.#tasks, id);
    const element = this.#fill(shown?.element ?? fromTemplate("task-template"), task);
    if (!shown) showTypingIn(element, this.hints.textFor(id));
    const moved = shown?.thing.position !== task.position || element.parentNode !== column;
    if (moved) place(column, element, this.#nextOf(column, this.#tasks, task));
  }

  #drop(shown, id) {
    shown.get(id)?.element.remove();
    shown.delete(id);
  }

  /** The element before which `thing` belongs. */
  #nextOf(parent, shown, thing) {
    for (const element of parent.children) {
      const other = shown.get(element.dataset.id)?.thing;
      if (!other || other.id === thing.id) continue;
      if (other.position > thing.position || (other.position === thing.position && other.id > thing.id)) return element;
    }
    return null;
  }

  #showCounts() {
    const counts = new Map();
    for (const { listId } of this.state.tasks.values()) counts.set(listId, (counts.get(listId) ?? 0) + 1);
    for (const [id, { element }] of this.#lists) setText(element.querySelector(".list-count"), String(counts.get(id) ?? 0));
    byId("lists-empty").hidden = this.#lists.size > 0;
  }
}

function fillList(element, { name }) {
  setText(element.querySelector(".list-name"), name);
  element.querySelector(".list-menu-button").setAttribute("aria-label", `Actions for list ${name}`);
  element.querySelector(".tasks").setAttribute("aria-label", `Tasks in ${name}`);
}
