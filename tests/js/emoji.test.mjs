import assert from "node:assert/strict";
import { test } from "node:test";
import { EMOJI, searchEmoji, stepInGrid } from "../../static/js/presence/emoji.js";

const found = (query) => searchEmoji(query).map(({ emoji }) => emoji);

test("every emoji is listed once, is one emoji, has a name and fits into the field", () => {
  assert.equal(new Set(EMOJI.map(({ emoji }) => emoji)).size, EMOJI.length);
  for (const { emoji, name } of EMOJI) {
    assert.equal([...new Intl.Segmenter().segment(emoji)].length, 1, emoji);
    assert.ok([...emoji].length <= 10 && name, emoji);
    assert.deepEqual(found(emoji), [emoji]);
  }
});

test("words find emoji by their beginnings, names before other words", () => {
  assert.equal(searchEmoji("").length, EMOJI.length);
  assert.deepEqual(found("headph"), ["🎧"]);
  assert.equal(found("Focus").includes("🎧"), true);
  assert.equal(found("asleep")[0], "💤");
  assert.deepEqual(found("palm hol"), ["🌴"]);
  assert.deepEqual(found("qqq"), []);
});

test("any emoji typed by itself is offered, text is not", () => {
  assert.deepEqual(found(" 🦩 "), ["🦩"]);
  assert.deepEqual(found("👩‍🚀"), ["👩‍🚀"]);
  assert.deepEqual(found("🇩🇪"), ["🇩🇪"]);
  assert.deepEqual(found("❤"), ["❤"]);
  assert.deepEqual(found("🦩🦩"), []);
  assert.deepEqual(found("7"), []);
});

test("arrows walk through the grid and stop at its edges", () => {
  const step = (at, key) => stepInGrid(at, key, 10, 4);
  assert.deepEqual(["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"].map((key) => step(5, key)), [6, 4, 9, 1, 0, 9]);
  assert.equal(step(9, "ArrowRight"), 9);
  assert.equal(step(7, "ArrowDown"), 7);
  assert.equal(step(2, "ArrowUp"), 2);
  assert.equal(step(0, "a"), null);
});
