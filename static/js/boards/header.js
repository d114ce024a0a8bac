// The head of the board page: its name, and what a head can do with the board as a whole.
import { announce, toast } from "../lib/announce.js";
import { byId, setText } from "../lib/dom.js";
import { confirmDelete, openDialog } from "../lib/dialog.js";
import { editInPlace } from "../lib/inline_edit.js";
import { openMenu } from "../lib/menu.js";

export class BoardHeader {
  #name = byId("board-title").querySelector(".board-name");

  /** `hooks.onDeleted()` is called when this person has deleted the board. */
  constructor(state, actions, view, hooks) {
    Object.assign(this, { state, actions, view, hooks });
    byId("board-rename")?.addEventListener("click", () => this.#rename());
    const button = byId("board-menu-button");
    button?.addEventListener("click", () => this.#openMenu(button));
    byId("board-restore")?.addEventListener("click", () => this.#change({ archived: false }, "The board is restored."));
  }

  /** Answers whether the name is a new one. */
  show() {
    const { name, color, archivedAt } = this.state.board;
    byId("main").dataset.hue = color;
    byId("main").classList.toggle("is-archived", Boolean(archivedAt));
    byId("archived-banner").hidden = !archivedAt;
    const isNew = name !== this.#name.textContent;
    setText(this.#name, name);
    document.title = `${name} · WorkHub`;
    return isNew;
  }

  #openMenu(button) {
    byId("board-menu").querySelector('[data-action="archive"]').hidden = Boolean(this.state.board.archivedAt);
    openMenu(byId("board-menu"), button, (action) => this.#act(action));
  }

  #act(action) {
    if (action === "rename") this.#rename();
    if (action === "color") this.#chooseColor();
    if (action === "archive") this.#change({ archived: true }, "The board is archived.");
    if (action === "members") openDialog(byId("members-dialog"));
    if (action === "delete") this.#delete();
  }

  #rename() {
    editInPlace(this.#name, {
      label: "Name of the board",
      maxLength: 200,
      returnFocus: byId("board-rename"),
      save: async (name) => {
        try {
          await this.actions.changeBoard({ name });
          announce(`Renamed to “${name}”.`);
        } finally {
          this.view.sync();
        }
      },
    });
  }

  async #chooseColor() {
    const { ColorDialog } = await import("./color_dialog.js");
    const color = await new ColorDialog(this.state.board.color).ask();
    if (color) await this.#change({ color }, `The board is ${color} now.`);
  }

  async #change(changes, done) {
    try {
      await this.actions.changeBoard(changes);
      announce(done);
    } catch (error) {
      toast(error.message);
    } finally {
      this.view.sync();
    }
  }

  async #delete() {
    const { name } = this.state.board;
    const text = `“${name}” with all its lists and tasks will be gone for everybody. You can undo that for ten minutes.`;
    if (!await confirmDelete("Delete this board?", text)) return;
    try {
      await this.actions.deleteBoard();
      this.hooks.onDeleted();
      toast(`“${name}” is deleted.`, { label: "Undo", run: () => this.#undoDelete() });
    } catch (error) {
      toast(error.message);
    }
  }

  async #undoDelete() {
    try {
      await this.actions.restoreBoard();
      location.reload();
    } catch (error) {
      toast(error.message);
    }
  }
}
