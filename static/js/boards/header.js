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
    button?.addEventListener("click", () => openMenu(byId("board-menu"), button, (action) => this.#act(action)));
  }

  /** Answers whether the name is a new one. */
  show() {
    const { name } = this.state.board;
    const isNew = name !== this.#name.textContent;
    setText(this.#name, name);
    document.title = `${name} · WorkHub`;
    return isNew;
  }

  #act(action) {
    if (action === "rename") this.#rename();
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
          await this.actions.renameBoard(name);
          announce(`Renamed to “${name}”.`);
        } finally {
          this.view.sync();
        }
      },
    });
  }

  async #delete() {
    const { name } = this.state.board;
    const text = `“${name}” with all its lists and tasks will be gone for everybody.`;
    if (!await confirmDelete("Delete this board?", text)) return;
    try {
      await this.actions.deleteBoard();
      this.hooks.onDeleted();
    } catch (error) {
      toast(error.message);
    }
  }
}
