// What a key means on the board. Pure; a letter is nothing where somebody writes, and can be switched off.
import { plainKey } from "../lib/keys.js";

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];
const ON_TASK = { e: "rename", d: "complete", l: "labels", a: "people", m: "move", c: "comment", Delete: "delete" };
const ON_LIST = { e: "rename", m: "move", Enter: "rename" };
const ON_BOARD = { n: "add", f: "filter", "/": "filter" };

/**
 * {act, key} or null. `where`: "task" or "list" when its link or name has the focus, "inside" for something else in a
 * card, "board" for the rest of the page; `isCarrying` after something was picked up.
 */
export function meaning(event, { where, isCarrying, lettersOn }) {
  const isMoved = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && ARROWS.includes(event.key);
  if (isMoved && (where === "task" || where === "list")) return { act: "shift", key: event.key };
  const key = plainKey(event);
  if (!key) return null;
  if (isCarrying) return carrying(key);
  if (where === "task" || where === "list") {
    if (key === " ") return { act: "lift" };
    if (ARROWS.includes(key)) return { act: "go", key };
  }
  if (!lettersOn) return null;
  const act = { task: ON_TASK, inside: ON_TASK, list: ON_LIST }[where]?.[key] ?? ON_BOARD[key];
  return act && !(where === "inside" && key === "Delete") ? { act } : null;
}

function carrying(key) {
  if (key === " " || key === "Enter") return { act: "drop" };
  if (key === "Escape") return { act: "cancel" };
  return ARROWS.includes(key) ? { act: "carry", key } : null;
}
