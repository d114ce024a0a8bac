// The colour of a board, asked for in a dialog that is made when it is needed. The tiles of all boards ask in HTML.
import { openDialog } from "../lib/dialog.js";
import { loadStyles } from "../lib/lazy.js";
import { make } from "../lib/make.js";

const COLORS = ["teal", "blue", "indigo", "purple", "pink", "red", "orange", "amber", "green", "slate"];

export class ColorDialog {
  #dialog;

  constructor(chosen) {
    const title = make("h2", { className: "dialog-title", id: "color-title", textContent: "Colour of the board" });
    const hues = make("div", { className: "hues" }, ...COLORS.map((color) => hue(color, color === chosen)));
    const group = make("fieldset", { className: "field" }, make("legend", { className: "visually-hidden", textContent: "Colour" }), hues);
    const cancel = make("button", { className: "btn", value: "cancel", textContent: "Cancel" });
    const save = make("button", { className: "btn btn-primary", value: "save", textContent: "Save" });
    const form = make("form", { method: "dialog" }, title, group, make("div", { className: "dialog-actions" }, cancel, save));
    this.#dialog = make("dialog", { className: "dialog" }, form);
    this.#dialog.setAttribute("aria-labelledby", "color-title");
  }

  /** Answers the colour, or null. */
  async ask() {
    await loadStyles("hues.css");
    document.body.append(this.#dialog);
    openDialog(this.#dialog);
    this.#dialog.querySelector(":checked")?.focus();
    return new Promise((resolve) => {
      this.#dialog.addEventListener("close", () => {
        resolve(this.#dialog.returnValue === "save" ? this.#dialog.querySelector(":checked").value : null);
        this.#dialog.remove();
      });
    });
  }
}

function hue(color, isChosen) {
  const face = make("span", { className: "hue-face" });
  const name = make("span", { className: "visually-hidden", textContent: color[0].toUpperCase() + color.slice(1) });
  const label = make("label", { className: "hue" }, make("input", { type: "radio", name: "color", value: color, checked: isChosen }), face, name);
  label.dataset.hue = color;
  return label;
}
