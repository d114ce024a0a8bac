// What a person sees when this board is no longer theirs: calm words instead of the page, and the way back.
import { byId, fromTemplate } from "../lib/dom.js";

const WORDS = {
  removed: ["You are no longer on this board", "Somebody who manages it has taken you off."],
  deleted: ["This board was deleted", "A head of the board has deleted it."],
};

export function sayFarewell(reason) {
  const page = fromTemplate("farewell-template");
  const [title, text] = WORDS[reason] ?? WORDS.removed;
  page.querySelector("h1").textContent = title;
  page.querySelector(".blank-text").textContent = `${text} Your other boards are as they were.`;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  byId("shell").replaceWith(page);
  document.body.classList.replace("page-board", "page-plain");
  document.title = `${title} · WorkHub`;
  page.focus();
}
