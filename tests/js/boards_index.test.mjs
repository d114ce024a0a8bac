import assert from "node:assert/strict";
import { test } from "node:test";
import { foundWords, matches } from "../../static/js/boards/index_state.js";

test("a search finds boards by parts of their words, whatever case and accents", () => {
  assert.ok(matches("Créneau d'été", "CRENEAU ete"));
  assert.ok(matches("Website relaunch", "laun web"));
  assert.ok(matches("Anything", "  "));
  assert.ok(!matches("Website relaunch", "web shop"));
});

test("what was found is said in words, and nothing without a search", () => {
  assert.equal(foundWords(3, " "), "");
  assert.equal(foundWords(0, " abc "), "No board is called “abc”.");
  assert.equal(foundWords(1, "a"), "1 board found.");
  assert.equal(foundWords(2, "a"), "2 boards found.");
});
