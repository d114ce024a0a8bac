import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords, fits } from "../../static/js/reference/filter.js";

test("every word must be there, in any order and case", () => {
  assert.ok(fits("POST /api/boards Make a board boards:write", "Board post"));
  assert.ok(!fits("POST /api/boards Make a board", "board delete"));
  assert.ok(fits("anything", ""));
});

test("what is found is counted while something is looked for", () => {
  assert.equal(countWords(40, " "), "");
  assert.equal(countWords(0, "x"), "Nothing has these words.");
  assert.equal(countWords(1, "x"), "1 entry");
  assert.equal(countWords(3, "x"), "3 entries");
});
