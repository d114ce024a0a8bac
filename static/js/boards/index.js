// The page of all boards: searching, creating, and what heads do with a board as a whole.
import { announce, toast } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { keepTimesFresh } from "../lib/clock.js";
import { confirmDelete, openDialog, wireDialogs } from "../lib/dialog.js";
import { byId, setText } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { openMenu } from "../lib/menu.js";
import { foundWords, matches } from "./index_state.js";

const SAID = "workhub-boards-said"; // what is told once the page is there again
const edit = byId("edit-board-form");
const archiveItem = byId("tile-menu").querySelector('[data-action="archive"]');
let edited = null;

wireDialogs();
keepTimesFresh();
byId("boards-search")?.addEventListener("input", ({ target }) => search(target.value));
byId("create-board-form")?.addEventListener("submit", (event) => send(event, create));
edit.addEventListener("submit", (event) => send(event, save));
byId("main").addEventListener("click", ({ target }) => {
  const tile = target.closest(".tile");
  if (target.closest(".tile-menu-button")) openActions(tile, target.closest(".tile-menu-button"));
  if (target.closest(".tile-restore")) attempt(() => archive(tile, false));
  if (target.dataset.undo) attempt(() => undo(target.dataset.undo));
});
sayWhatHappened();

function search(text) {
  let found = 0;
  for (const tile of document.querySelectorAll(".tile")) {
    tile.hidden = !matches(tile.dataset.name, text);
    found += Number(!tile.hidden);
  }
  for (const section of document.querySelectorAll(".boards-section")) section.hidden = !section.querySelector(".tile:not([hidden])");
  setText(byId("boards-none"), foundWords(found, text));
  byId("boards-none").hidden = !text.trim();
  byId("boards-none").classList.toggle("visually-hidden", found > 0);
}

function openActions(tile, button) {
  archiveItem.hidden = tile.classList.contains("is-archived");
  const acts = { edit: () => openEdit(tile), archive: () => archive(tile, true), delete: () => remove(tile) };
  openMenu(byId("tile-menu"), button, (action) => attempt(acts[action]));
}

function openEdit(tile) {
  edited = tile;
  clearErrors(edit);
  edit.elements.name.value = tile.dataset.name;
  edit.elements.color.value = tile.dataset.hue;
  openDialog(byId("edit-board"));
}

async function create(form) {
  if (showMissing(form, "name", "Give the board a name.")) return;
  const { name, organizationId, template, color } = form.elements;
  const where = organizationId ? { organizationId: organizationId.value } : {}; // asked only of those with several
  const board = await api.post("/api/boards", { name: name.value.trim(), template: template.value, color: color.value, ...where });
  location.assign(`/boards/${board.id}`);
}

async function save(form) {
  if (showMissing(form, "name", "Give the board a name.")) return;
  const { name, color } = form.elements;
  await change(edited, { name: name.value.trim(), color: color.value });
  reloadSaying(`“${name.value.trim()}” is saved.`);
}

async function archive(tile, archived) {
  await change(tile, { archived });
  reloadSaying(archived ? `“${tile.dataset.name}” is archived.` : `“${tile.dataset.name}” is back.`);
}

async function remove(tile) {
  const { id, name } = tile.dataset;
  if (!await confirmDelete("Delete this board?", `“${name}” with all its lists and tasks will be gone for everybody. You can undo that for ten minutes.`)) return;
  await api.remove(`/api/boards/${id}`);
  tile.remove();
  byId("main").focus();
  toast(`“${name}” is deleted.`, { label: "Undo", run: () => attempt(() => undo(id)) });
}

async function undo(id) {
  const { name } = await api.post(`/api/boards/${id}/restore`);
  reloadSaying(`“${name}” is back.`);
}

/** By the version that the tile shows; a refused one comes with the current board. */
async function change(tile, changes) {
  try {
    await api.patch(`/api/boards/${tile.dataset.id}`, { ...changes, version: Number(tile.dataset.version) });
  } catch (error) {
    if (error.current) tile.dataset.version = error.current.version; // the next try is over that one
    throw error;
  }
}

async function send(event, act) {
  event.preventDefault();
  const submit = event.target.querySelector("[type=submit]");
  submit.disabled = true;
  try {
    await act(event.target);
  } catch (error) {
    showErrors(event.target, error);
  } finally {
    submit.disabled = false;
  }
}

async function attempt(act) {
  byId("boards-problem").hidden = true;
  try {
    await act();
  } catch (error) {
    setText(byId("boards-problem"), error.code === "not_found" ? "It is too late, or somebody else was faster: load the page again." : error.message);
    byId("boards-problem").hidden = false;
    byId("boards-problem").scrollIntoView({ block: "nearest" });
  }
}

function reloadSaying(text) {
  sessionStorage.setItem(SAID, text);
  location.reload();
}

function sayWhatHappened() {
  const text = sessionStorage.getItem(SAID);
  if (!text) return;
  sessionStorage.removeItem(SAID);
  announce(text);
  toast(text);
}
