// The sheet of keys ("?"), with the switch for those that are single letters.
import { openDialog } from "../lib/dialog.js";
import { element, icon } from "../lib/dom.js";
import { sheetFor } from "./shortcuts.js";

let dialog = null;

/** `singleKeys.on` is read and set. */
export function open(singleKeys) {
  dialog ??= make(singleKeys);
  openDialog(dialog);
}

function make(singleKeys) {
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  const isBoard = Boolean(document.getElementById("lists"));
  const box = element("input", { type: "checkbox", id: "single-keys", checked: singleKeys.on });
  box.addEventListener("change", () => { singleKeys.on = box.checked; });
  const close = element("button", { className: "icon-button", type: "button", ariaLabel: "Close" }, icon("x"));
  const made = element("dialog", { className: "dialog dialog-wide sheet", ariaLabel: "Keyboard shortcuts" },
    element("div", { className: "dialog-header" }, element("h2", { className: "dialog-title" }, "Keyboard shortcuts"), close),
    element("label", { className: "sheet-switch" }, box, "Single keys without Ctrl"),
    element("p", { className: "sheet-hint" }, "Switch them off if you speak to your computer, or press keys by accident. Kept in this browser."),
    ...sheetFor({ isBoard, isMac }).flatMap(group));
  close.addEventListener("click", () => made.close());
  document.body.append(made);
  return made;
}

function group({ name, keys }) {
  return [
    element("h3", { className: "sheet-name" }, name),
    element("dl", { className: "sheet-keys" }, ...keys.flatMap(([combinations, what]) => [
      element("dt", {}, ...combinations.flatMap((keys, place) => [...(place ? [" or "] : []), ...keys.map((key) => element("kbd", {}, key))])),
      element("dd", {}, what),
    ])),
  ];
}
