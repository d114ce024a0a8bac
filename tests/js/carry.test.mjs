import assert from "node:assert/strict";
import { test } from "node:test";
import { behind, nextCard, nextIndex, nextPlace, placeWords } from "../../static/js/boards/carry.js";

const columns = [
  { id: "todo", name: "To do", ids: ["a", "b"] },
  { id: "doing", name: "Doing", ids: [] },
  { id: "done", name: "Done", ids: ["x"] },
];
const at = (listId, index) => ({ listId, index });

test("a carried task goes up and down to the ends of its list and no further", () => {
  assert.deepEqual(nextPlace(columns, at("todo", 1), "ArrowUp"), at("todo", 0));
  assert.deepEqual(nextPlace(columns, at("todo", 1), "ArrowDown"), at("todo", 2));
  assert.equal(nextPlace(columns, at("todo", 0), "ArrowUp"), null);
  assert.equal(nextPlace(columns, at("todo", 2), "ArrowDown"), null);
  assert.deepEqual(nextPlace(columns, at("todo", 1), "Home"), at("todo", 0));
  assert.deepEqual(nextPlace(columns, at("todo", 0), "End"), at("todo", 2));
});

test("sideways it keeps its height as far as the next list is long", () => {
  assert.deepEqual(nextPlace(columns, at("todo", 2), "ArrowRight"), at("doing", 0));
  assert.deepEqual(nextPlace(columns, at("doing", 0), "ArrowRight"), at("done", 0));
  assert.deepEqual(nextPlace(columns, at("done", 1), "ArrowLeft"), at("doing", 0));
  assert.equal(nextPlace(columns, at("todo", 0), "ArrowLeft"), null);
});

test("the place is said by the list and what stands in it", () => {
  assert.equal(placeWords(columns, at("todo", 1)), "To do, position 2 of 3");
  assert.equal(placeWords(columns, at("doing", 0)), "Doing, position 1 of 1");
});

test("in a filtered list it stays beside what one sees", () => {
  const all = ["h1", "a", "h2", "b", "h3"];
  assert.equal(behind(all, ["a", "b"], 0), "h1");
  assert.equal(behind(all, ["a", "b"], 1), "a");
  assert.equal(behind(all, ["a", "b"], 2), "b");
  assert.equal(behind(["a"], ["a"], 0), null);
  assert.equal(behind(all, [], 0), "h3", "where nothing is seen: at the end");
  assert.equal(behind([], [], 0), null);
});

test("a list goes one place aside with any arrow", () => {
  const others = ["b", "c"];
  assert.equal(nextIndex(others, 0, "ArrowRight"), 1);
  assert.equal(nextIndex(others, 2, "ArrowRight"), null);
  assert.equal(nextIndex(others, 0, "ArrowUp"), null);
  assert.equal(nextIndex(others, 1, "Home"), 0);
  assert.equal(nextIndex(others, 0, "End"), 2);
});

test("arrow keys walk over cards and the names of lists", () => {
  assert.deepEqual(nextCard(columns, at("todo", 0), "ArrowUp"), at("todo", -1));
  assert.equal(nextCard(columns, at("todo", -1), "ArrowUp"), null);
  assert.deepEqual(nextCard(columns, at("todo", -1), "ArrowDown"), at("todo", 0));
  assert.equal(nextCard(columns, at("todo", 1), "ArrowDown"), null);
  assert.deepEqual(nextCard(columns, at("todo", 1), "ArrowRight"), at("doing", -1), "an empty list by its name");
  assert.deepEqual(nextCard(columns, at("doing", -1), "ArrowRight"), at("done", -1));
  assert.deepEqual(nextCard(columns, at("todo", 1), "Home"), at("todo", 0));
  assert.deepEqual(nextCard(columns, at("doing", -1), "Home"), at("doing", -1));
});
