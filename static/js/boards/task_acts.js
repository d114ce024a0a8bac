// What one can do with a task on the board, by name: its menu, the panel, keys and the bar for many ask for it here.
import { announce, toast } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { editInPlace } from "../lib/inline_edit.js";
import { loadStyles, once } from "../lib/lazy.js";
import { openMenu } from "../lib/menu.js";

const UNDO_MS = 600_000; // for so long the server keeps what was deleted

export class TaskActs {
  #choosers = once(async () => (await Promise.all([import("./choosers.js"), loadStyles("board_more.css")]))[0]);
  #acts = {
    open: (id) => { location.hash = `#/tasks/${id}`; },
    rename: (id) => this.#rename(id),
    complete: (id) => this.#complete(id),
    labels: (id) => this.choose("labels", [id]),
    people: (id) => this.choose("people", [id]),
    move: (id) => this.moving.askTask(id),
    select: (id) => this.selection.toggle(id),
    copy: (id) => this.#copy(id),
    archive: (id) => this.#archive(id),
    delete: (id) => this.#delete(id),
  };

  selection = null; // of several tasks

  /** `moving` asks where to. */
  constructor(state, actions, view, moving) {
    Object.assign(this, { state, actions, view, moving });
  }

  /** One of: open, rename, complete, labels, people, move, select, copy, archive, delete. */
  run(action, id) {
    if (this.state.tasks.has(id)) this.#acts[action]?.(id);
  }

  showMenu(id, button) {
    const done = Boolean(this.state.tasks.get(id)?.completedAt);
    byId("task-menu").querySelector("[data-action=complete] span").textContent = done ? "Mark as not done" : "Mark as done";
    openMenu(byId("task-menu"), button, (action) => this.run(action, id));
  }

  /** Labels or people of one task or many; `anchor` is what has the focus, or the card. */
  async choose(kind, ids, anchor = this.#anchorFor(ids[0])) {
    try {
      const { choose } = await this.#choosers();
      choose(kind, { anchor, ids, state: this.state, actions: this.actions });
    } catch {
      toast("This cannot be changed now: the server does not answer.");
    }
  }

  #anchorFor(id) {
    const card = this.view.cardOf(id);
    const focused = document.activeElement;
    return card?.contains(focused) && focused.getClientRects().length ? focused : card.querySelector(".task-link");
  }

  #rename(id) {
    const card = this.view.cardOf(id);
    editInPlace(card.querySelector(".task-title"), {
      label: "Title of the task",
      maxLength: 500,
      returnFocus: card.querySelector(".task-link"),
      save: async (title) => {
        const { version } = this.state.tasks.get(id);
        try {
          await this.actions.tasks.save(id, { title }, version);
          announce(`Renamed to “${title}”.`);
        } catch (error) {
          if (!error.current) throw error;
          this.state.putTask(error.current);
          throw new Error(`Somebody else wrote “${error.current.title}” meanwhile. Enter keeps yours, Escape theirs.`);
        }
      },
    });
  }

  async #complete(id) {
    const { title, completedAt } = this.state.tasks.get(id);
    await this.#try(() => this.actions.tasks.complete(id, !completedAt), {
      done: completedAt ? `“${title}” is open again.` : `“${title}” is done.`,
      failed: `“${title}” was not changed.`,
    });
  }

  async #copy(id) {
    const { title } = this.state.tasks.get(id);
    const copy = await this.#try(() => this.actions.tasks.copy(id), {
      done: `Copied “${title}”.`, failed: `“${title}” was not copied.`,
    });
    if (!copy) return;
    this.view.sync();
    this.view.focusCard(copy.id);
  }

  async #archive(id) {
    const { title } = this.state.tasks.get(id);
    const archived = await this.#leave(id, () => this.actions.tasks.archive(id), `“${title}” was not archived.`);
    if (!archived) return;
    toast(`Archived “${title}”.`, this.#undo(() => this.actions.tasks.unarchive(id, archived.version), title));
  }

  async #delete(id) {
    const { title } = this.state.tasks.get(id);
    const remove = async () => { await this.actions.tasks.remove(id); return true; };
    if (!await this.#leave(id, remove, `“${title}” was not deleted.`)) return;
    toast(`Deleted “${title}”.`, this.#undo(() => this.actions.tasks.restore(id), title));
  }

  #undo(undo, title) {
    const run = () => this.#try(undo, { done: `“${title}” is back.`, failed: `“${title}” could not be brought back.` });
    return { label: "Undo", run, lifeMs: UNDO_MS };
  }

  /** The card goes at once, and the focus to its neighbour. */
  async #leave(id, ask, failed) {
    const next = neighbour(this.view.cardOf(id));
    const asked = this.#try(ask, { failed });
    this.view.sync();
    next?.focus();
    return asked;
  }

  async #try(ask, { done = null, failed }) {
    try {
      const answer = await ask();
      if (done) announce(done);
      return answer;
    } catch (error) {
      toast(`${failed} ${error.message}`);
      return null;
    }
  }
}

/** Where the focus goes when this card is gone. */
function neighbour(card) {
  const next = card?.nextElementSibling ?? card?.previousElementSibling;
  return next?.querySelector(".task-link") ?? card?.closest(".list").querySelector(".composer-open");
}
