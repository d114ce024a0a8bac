// The emoji picker: a searchable grid in a popover, walked through by the arrow keys.
import { byId, setText } from "../lib/dom.js";
import { putBeside } from "../lib/menu.js";
import { searchEmoji, stepInGrid } from "./emoji.js";

const COLUMNS = 8; // as in status_menu.css

/** `choose` gets the emoji, or null for none; the focus is back on `button` then. */
export function wireEmojiPicker(button, choose) {
  const [picker, search, grid] = [byId("emoji-picker"), byId("emoji-search"), byId("emoji-grid")];
  const cells = () => [...grid.querySelectorAll(".emoji-cell")];
  const take = (emoji) => {
    picker.hidePopover();
    button.focus();
    choose(emoji);
  };

  search.addEventListener("input", () => showFound(grid, search.value));
  search.addEventListener("keydown", (event) => {
    const first = cells()[0];
    if (event.key === "Enter" && search.value.trim() && first) take(first.textContent);
    if (event.key === "ArrowDown") first?.focus();
    if (event.key === "Enter" || event.key === "ArrowDown") event.preventDefault();
  });
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest(".emoji-cell");
    if (cell) take(cell.textContent);
  });
  grid.addEventListener("keydown", (event) => {
    const all = cells();
    const at = all.indexOf(document.activeElement);
    const next = stepInGrid(at, event.key, all.length, COLUMNS);
    if (next === null) return;
    event.preventDefault();
    if (event.key === "ArrowUp" && next === at) return search.focus();
    focusCell(all, next);
  });
  byId("emoji-remove").addEventListener("click", () => take(null));
  picker.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return;
    search.value = "";
    showFound(grid, "");
  });
  picker.addEventListener("toggle", (event) => event.newState === "open" && putBeside(picker, button));
}

function focusCell(all, index) {
  for (const cell of all) cell.tabIndex = cell === all[index] ? 0 : -1; // Tab comes back to where one was
  all[index].focus();
}

function showFound(grid, query) {
  const found = searchEmoji(query);
  const cells = found.map(cellFor);
  const rows = [];
  for (let at = 0; at < cells.length; at += COLUMNS) rows.push(rowOf(cells.slice(at, at + COLUMNS)));
  if (cells[0]) cells[0].tabIndex = 0;
  grid.replaceChildren(...rows);
  grid.hidden = !cells.length;
  grid.scrollTop = 0;
  setText(byId("emoji-none"), cells.length ? "" : `Nothing found for “${query.trim()}”. Any emoji can be typed here.`);
}

function cellFor({ emoji, name }) {
  const cell = Object.assign(document.createElement("button"), {
    type: "button", className: "emoji-cell", textContent: emoji, title: name, tabIndex: -1,
  });
  cell.setAttribute("role", "gridcell");
  cell.setAttribute("aria-label", name);
  return cell;
}

function rowOf(cells) {
  const row = Object.assign(document.createElement("div"), { className: "emoji-row" });
  row.setAttribute("role", "row");
  row.append(...cells);
  return row;
}
