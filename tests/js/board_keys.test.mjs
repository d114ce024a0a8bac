import assert from "node:assert/strict";
import { test } from "node:test";
import { meaning } from "../../static/js/boards/board_keys.js";

const press = (key, more = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, isComposing: false, repeat: false, ...more });
const on = (where, key, more = {}) => meaning(press(key, more.event), { where, isCarrying: false, lettersOn: true, ...more });

test("letters act on the task that has the focus", () => {
  const acts = Object.fromEntries(["e", "d", "l", "a", "m", "c", "Delete"].map((key) => [key, on("task", key).act]));
  assert.deepEqual(acts, { e: "rename", d: "complete", l: "labels", a: "people", m: "move", c: "comment", Delete: "delete" });
  assert.equal(on("task", "Enter"), null, "a link opens by itself");
  assert.equal(on("inside", "d").act, "complete");
  assert.equal(on("inside", "Delete"), null);
  assert.equal(on("inside", " "), null, "a button is pressed");
});

test("some keys act on the board wherever one is", () => {
  for (const where of ["task", "list", "board", "inside"]) {
    assert.deepEqual([on(where, "n").act, on(where, "f").act, on(where, "/").act], ["add", "filter", "filter"]);
  }
  assert.equal(on("board", "d"), null);
  assert.equal(on("board", "ArrowDown"), null, "the page scrolls");
});

test("letters can be switched off, and moving stays", () => {
  const off = { lettersOn: false };
  assert.equal(on("task", "d", off), null);
  assert.equal(on("board", "n", off), null);
  assert.equal(on("task", " ", off).act, "lift");
  assert.deepEqual(on("task", "ArrowDown", off), { act: "go", key: "ArrowDown" });
});

test("Alt and an arrow move at once, a task or a list", () => {
  const alt = { event: { altKey: true } };
  assert.deepEqual(on("task", "ArrowLeft", alt), { act: "shift", key: "ArrowLeft" });
  assert.deepEqual(on("list", "ArrowRight", alt), { act: "shift", key: "ArrowRight" });
  assert.equal(on("board", "ArrowLeft", alt), null, "the browser goes back");
  assert.equal(on("task", "ArrowLeft", { event: { altKey: true, ctrlKey: true } }), null);
});

test("while something is carried, keys are about that alone", () => {
  const carrying = { isCarrying: true };
  assert.deepEqual(on("task", "ArrowRight", carrying), { act: "carry", key: "ArrowRight" });
  assert.deepEqual([" ", "Enter", "Escape"].map((key) => on("task", key, carrying).act), ["drop", "drop", "cancel"]);
  assert.equal(on("task", "d", carrying), null);
});
