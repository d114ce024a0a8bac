// Native <dialog>: opens, closes, confirms.
import { byId } from "./dom.js";

/** Wires buttons with data-open-dialog="id" and data-close-dialog, and a click on the backdrop. */
export function wireDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) openDialog(byId(opener.dataset.openDialog));
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close("cancel");
    if (event.target.matches?.("dialog.dialog") && isOutside(event)) event.target.close("cancel");
  });
}

/** The browser itself gives the focus back when the dialog closes. */
export function openDialog(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
}

/** Beside the page where there is room for both (`wide` matches); over it on a phone, and then nothing behind it can be reached. */
export function openBeside(dialog, wide) {
  const focused = dialog.contains(document.activeElement) ? document.activeElement : null;
  dialog.close();
  if (wide.matches) dialog.show();
  else dialog.showModal();
  focused?.focus();
}

/** Asks; answers the value of the choice taken, or null. Choices are {value, label, kind?}; the first gets the focus. */
export function confirm(title, text, choices) {
  const dialog = byId("confirm-dialog");
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  byId("confirm-actions").replaceChildren(...choices.map(choiceButton));
  openDialog(dialog);
  return new Promise((resolve) => {
    const done = () => resolve(choices.some(({ value }) => value === dialog.returnValue) ? dialog.returnValue : null);
    dialog.addEventListener("close", done, { once: true });
  });
}

export async function confirmDelete(title, text) {
  const choices = [{ value: "cancel", label: "Cancel" }, { value: "delete", label: "Delete", kind: "btn-danger" }];
  return await confirm(title, text, choices) === "delete";
}

function choiceButton({ value, label, kind }) {
  return Object.assign(document.createElement("button"), {
    value, textContent: label, className: `btn ${kind ?? ""}`.trim(),
  });
}

// A click on the backdrop is a click on the dialog itself, outside its box; Enter in a form has no position.
function isOutside(event) {
  if (event.detail === 0) return false;
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
