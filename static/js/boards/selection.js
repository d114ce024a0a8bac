// Which tasks are chosen for doing the same to many: Ctrl or Cmd with a click, Shift for all up to there, the box on
// a card, or x on the focused one. The bar for what can be done is fetched with the first choice.
import { announce, toast } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { loadStyles, once } from "../lib/lazy.js";
import { singleKeys } from "../palette/start.js";

export class Selection {
  #chosen = new Set();
  #last = null; // from where Shift reaches
  #bar = null;
  #load = once(async () => {
    const [{ BulkBar }] = await Promise.all([import("./bulk_bar.js"), loadStyles("board_more.css")]);
    this.#bar = new BulkBar(this.state, this.actions, { selection: this, acts: this.acts });
  });

  constructor(state, actions, { view, acts }) {
    Object.assign(this, { state, actions, view, acts });
    const lists = byId("lists");
    lists.addEventListener("click", (event) => this.#click(event), { capture: true });
    lists.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#chosen.size && !event.defaultPrevented && isBoard(event.target)) this.clear();
    });
  }

  /** In the order of the board. */
  get ids() {
    return this.state.sortedLists().flatMap(({ id }) => this.state.tasksOf(id)).map(({ id }) => id)
      .filter((id) => this.#chosen.has(id));
  }

  toggle(id) {
    if (this.#chosen.has(id)) this.#chosen.delete(id);
    else this.#chosen.add(id);
    this.#last = id;
    this.#show();
  }

  clear() {
    this.#chosen.clear();
    this.#show();
  }

  /** Tasks that are gone are chosen no more; a card that was filled anew keeps its mark. */
  hear({ tasks }) {
    if (!this.#chosen.size) return;
    for (const id of tasks) if (!this.state.tasks.has(id)) this.#chosen.delete(id);
    this.#show({ quiet: true });
  }

  #click(event) {
    const card = event.target.closest(".task");
    if (!card || event.target.closest(".task-menu-button, .inline-edit")) return;
    const isBox = event.target.matches(".task-select");
    const range = event.shiftKey;
    if (!isBox && !range && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault(); // the box shows what is chosen when the click is over
    event.stopPropagation();
    if (range && this.#last) this.#reach(card.dataset.id);
    else this.toggle(card.dataset.id);
  }

  #key(event) {
    if (event.key !== "x" || !singleKeys.on || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = event.target.closest(".task");
    if (!card || event.target.matches("input:not([type=checkbox]), textarea")) return;
    event.preventDefault();
    this.toggle(card.dataset.id);
  }

  /** All cards between the last one and this one, as they stand. */
  #reach(id) {
    const shown = [...byId("lists").querySelectorAll(".task:not([hidden])")].map((card) => card.dataset.id);
    const [from, to] = [shown.indexOf(this.#last), shown.indexOf(id)].sort((a, b) => a - b);
    for (const between of shown.slice(Math.max(0, from), to + 1)) this.#chosen.add(between);
    this.#show();
  }

  async #show({ quiet = false } = {}) {
    const count = this.#chosen.size;
    byId("lists").classList.toggle("is-selecting", count > 0);
    for (const card of byId("lists").querySelectorAll(".task.is-selected")) {
      if (!this.#chosen.has(card.dataset.id)) mark(card, false);
    }
    for (const id of this.#chosen) mark(this.view.cardOf(id), true);
    if (!quiet) announce(count === 1 ? "1 task selected." : `${count} tasks selected.`);
    try {
      if (count) await this.#load();
      this.#bar?.show(this.#chosen.size);
    } catch {
      toast("Many tasks cannot be changed at once now: the server does not answer.");
    }
  }
}

function mark(card, selected) {
  if (!card) return;
  card.classList.toggle("is-selected", selected);
  // After the click that may have changed the box by itself.
  setTimeout(() => { card.querySelector(".task-select").checked = selected; });
}

const isBoard = (target) => !target.closest("dialog, [popover], input, textarea, select");
