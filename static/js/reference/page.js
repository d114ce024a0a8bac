// The API reference: filters what it lists, unfolds what an address leads to, copies examples.
import { announce } from "../lib/announce.js";
import { byId, setText } from "../lib/dom.js";
import { countWords, fits } from "./filter.js";

const filter = byId("filter");
const entries = [...document.querySelectorAll("[data-entry]")];
const groups = [...document.querySelectorAll("[data-group]")];
const links = [...document.querySelectorAll("[data-filter-for]")];

filter.hidden = false;
filter.addEventListener("input", show);
addEventListener("hashchange", unfold);
document.addEventListener("click", (event) => {
  const button = event.target.closest(".copy-code");
  if (button) copy(button);
});
for (const button of document.querySelectorAll(".copy-code")) button.hidden = !navigator.clipboard;
show(); // a reload keeps what was typed
unfold();

function show() {
  const query = filter.value.trim();
  for (const entry of entries) entry.hidden = !fits(entry.dataset.entry, query);
  for (const group of groups) group.hidden = !group.querySelector("[data-entry]:not([hidden])");
  for (const link of links) link.parentElement.hidden = byId(link.dataset.filterFor).hidden;
  setText(byId("none"), countWords(entries.filter(({ hidden }) => !hidden).length, query));
}

function unfold() {
  const target = byId(location.hash.slice(1));
  if (!target?.matches("details")) return;
  if (target.hidden) {
    filter.value = "";
    show();
  }
  target.open = true;
  target.scrollIntoView();
  target.querySelector("summary").focus({ preventScroll: true });
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
    announce("Copied.");
  } catch {
    announce("It could not be copied.");
  }
}
