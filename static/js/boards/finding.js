// Keys and the filter of the board: this listens from the start, what they do is fetched when it is used first.
import { toast } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { isForWriting } from "../lib/keys.js";
import { loadStyles, once } from "../lib/lazy.js";
import { commands, singleKeys } from "../palette/start.js";
import { meaning } from "./board_keys.js";

const FILTERS = ["q", "labels", "people", "due", "status"];

/** `board`: {state, actions, view, moving, controls, opener, me}. */
export function startFinding(board) {
  let keyboard = null;
  const keys = once(async () => {
    const [{ BoardKeyboard }] = await Promise.all([import("./keyboard.js"), loadStyles("finding.css")]);
    keyboard ??= new BoardKeyboard(board);
  });
  const filter = once(async () => {
    const [{ FilterBar }] = await Promise.all([import("./filter_bar.js"), loadStyles("finding.css")]);
    board.filter = new FilterBar(board);
  });
  const failed = () => toast("This cannot be done now: the server does not answer.");
  const openFilter = (preset) => filter().then(() => board.filter.open(preset), failed);

  document.addEventListener("keydown", (event) => {
    const where = placeOf(event.target);
    const act = where && meaning(event, { where, isCarrying: Boolean(keyboard?.carried), lettersOn: singleKeys.on });
    if (!act) return;
    event.preventDefault();
    if (act.act === "filter") openFilter();
    else keys().then(() => keyboard.do(act, event.target), failed);
  });
  byId("filter-open").addEventListener("click", () => openFilter());
  commands.push({ title: "New task", hint: "N", run: () => keys().then(() => keyboard.do({ act: "add" }, document.body), failed) });
  commands.push({ title: "Filter tasks", hint: "F", run: () => openFilter() });
  commands.push({ title: "Show only my tasks", hint: "Filter", run: () => openFilter({ people: ["me"] }) });
  const asked = new URLSearchParams(location.search);
  if (FILTERS.some((name) => asked.has(name))) filter().then(() => board.filter.show(), failed);
}

/** What the keys are about; null where they belong to something else. */
function placeOf(target) {
  if (isForWriting(target) || target.closest("dialog, [popover]")) return null;
  if (target.closest(".task-link")) return "task";
  if (target.closest(".list-name")) return "list";
  return target.closest(".task") ? "inside" : "board";
}
