import assert from "node:assert/strict";
import { test } from "node:test";
import { sheetFor } from "../../static/js/palette/shortcuts.js";
import { fit, groupsFor, keep, step } from "../../static/js/palette/state.js";

const items = (...titles) => titles.map((title) => ({ id: title, title }));
const titles = (groups) => Object.fromEntries(groups.map(({ name, items: found }) => [name, found.map(({ title }) => title)]));
const moreAt = (query) => `/search?q=${query}`;

test("what begins with the words comes before words that begin like them, and those before parts of words", () => {
  assert.deepEqual(["Launch plan", "The launch", "Relaunch", "Other"].map((title) => fit(title, "launch")), [0, 1, 2, null]);
  assert.equal(fit("Größe ändern", "and gro"), 1, "accents and order do not matter");
});

test("without words all pages and boards stand there, and nothing to search for", () => {
  const groups = groupsFor(" ", { Pages: items("Boards"), Boards: items("Launch"), Tasks: [], Commands: items("New task") }, moreAt);
  assert.deepEqual(titles(groups), { Commands: ["New task"], Pages: ["Boards"], Boards: ["Launch"] });
});

test("words narrow what is known here and leave what the server found as it is", () => {
  const things = { Boards: items("Website", "Launch", "Relaunch"), Tasks: items("Call the printer"), Pages: items("People") };
  const groups = groupsFor("laun", things, moreAt);
  assert.deepEqual(titles(groups), { Boards: ["Launch", "Relaunch"], Tasks: ["Call the printer"], More: ["Search all tasks for “laun”"] });
  assert.equal(groups.at(-1).items[0].href, "/search?q=laun");
});

test("arrow keys walk around the ends", () => {
  const all = items("a", "b", "c");
  assert.equal(step(all, "a", "ArrowDown"), "b");
  assert.equal(step(all, "c", "ArrowDown"), "a");
  assert.equal(step(all, "a", "ArrowUp"), "c");
  assert.equal(step(all, null, "ArrowDown"), "a");
  assert.equal(step(all, null, "ArrowUp"), "c");
  assert.equal(step([], null, "ArrowDown"), null);
});

test("the chosen one stays while it is offered, else the first is chosen", () => {
  assert.equal(keep(items("a", "b"), "b"), "b");
  assert.equal(keep(items("a", "b"), "z"), "a");
  assert.equal(keep([], "z"), null);
});

test("the sheet names keys of boards only there, and those of a Mac on a Mac", () => {
  assert.deepEqual(sheetFor({ isBoard: false, isMac: true }).map(({ name }) => name), ["Everywhere"]);
  assert.equal(sheetFor({ isBoard: false, isMac: true })[0].keys[0][0][0][0], "⌘");
  const keys = sheetFor({ isBoard: true, isMac: false }).flatMap((group) => group.keys.flatMap(([combinations]) => combinations.map((keys) => keys.join("+"))));
  for (const key of ["Ctrl+K", "N", "E", "D", "L", "A", "M", "C", "Delete", "Space", "Alt+←+↑+↓+→"]) assert.ok(keys.includes(key), key);
});
