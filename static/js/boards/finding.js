// Keys and the filter of the board: this listens from the start, what they do is fetched when it is used first.
import { toast } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { isForWriting } from "../lib/keys.js";
import { loadStyles, once } from "../lib/lazy.js";
import { commands, singleKeys } from "../palette/start.js";
import { meaning } from "./board_keys.js";

const FILTERS = ["q", "labels", "people", "due", "status"];

/** `board`: {state, actions, view, moving, controls, opener, acts, me}. */
export function startFinding(board) {
  let keyboard = null;
  let waiting = 0; // for what a key has asked for: until it is there, letters would be meant for it
  const keys = once(async () => {
    const [{ BoardKeyboard }] = await Promise.all([import("./keyboard.js"), loadStyles("finding.css")]);
    keyboard ??= new BoardKeyboard(board);
  });
  const filter = once(async () => {
    const [{ FilterBar }] = await Promise.all([import("./filter_bar.js"), loadStyles("finding.css")]);
    board.filter = new FilterBar(board);
  });
  const after = async (loading, run) => {
    waiting += 1;
    try {
      await loading;
      run();
    } catch (error) {
      toast("This cannot be done now: the server does not answer.");
      throw error;
    } finally {
      waiting -= 1;
    }
  };
  const openFilter = (preset) => after(filter(), () => board.filter.open(preset));

  document.addEventListener("keydown", (event) => {
    const where = placeOf(event.target);
    const act = where && meaning(event, { where, isCarrying: Boolean(keyboard?.carried), lettersOn: singleKeys.on });
    if (!keyboard) keys().catch(() => {}); // who has pressed one key, Tab mostly, presses more
    if (!act) return;
    event.preventDefault();
    if (waiting) return;
    if (act.act === "filter") openFilter();
    else if (act.act === "add") addTask(event.target.closest(".list"));
    else if (keyboard) keyboard.do(act, event.target);
    else after(keys(), () => keyboard.do(act, event.target));
  });
  byId("filter-open").addEventListener("click", () => openFilter());
  commands.push({ title: "New task", hint: "N", run: () => addTask(null) });
  commands.push({ title: "Filter tasks", hint: "F", run: () => openFilter() });
  commands.push({ title: "Show only my tasks", hint: "Filter", run: () => openFilter({ people: ["me"] }) });
  const asked = new URLSearchParams(location.search);
  if (FILTERS.some((name) => asked.has(name))) after(filter(), () => board.filter.show());
  if (asked.get("status") === "archived") byId("archive-open").click(); // they have no cards here
}

function addTask(list) {
  const place = list ?? document.querySelector(".list") ?? byId("add-list");
  place.querySelector(".composer-open").click();
}

/** What the keys are about; null where they belong to something else. */
function placeOf(target) {
  if (isForWriting(target) || target.closest("dialog, [popover]")) return null;
  if (target.closest(".task-link")) return "task";
  if (target.closest(".list-name")) return "list";
  return target.closest(".task") ? "inside" : "board";
}
