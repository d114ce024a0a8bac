import assert from "node:assert/strict";
import { test } from "node:test";
import { timeFormats } from "../../static/js/lib/time.js";
import { dayAfter, endOf, withoutToken, withToken } from "../../static/js/settings/token_words.js";

const formats = timeFormats("en-US", "UTC");
const NOW = Date.parse("2026-03-04T09:30:00Z");

test("a token says on which day it ends", () => {
  assert.deepEqual(endOf("2026-06-02T09:30:00Z", NOW, formats), { text: "Expires Jun 2, 2026", state: "" });
});

test("its last week is marked", () => {
  assert.equal(endOf("2026-03-11T09:29:59Z", NOW, formats).state, "soon");
  assert.equal(endOf("2026-03-11T09:30:00Z", NOW, formats).state, "");
});

test("the moment it ends it is over", () => {
  assert.deepEqual(endOf("2026-03-04T09:30:00Z", NOW, formats), { text: "Expired Mar 4, 2026", state: "over" });
});

test("the day of a choice is told before it is made", () => {
  assert.equal(dayAfter(90, NOW, formats), "Jun 2, 2026");
});

test("a new token stands first and is there once, a revoked one is gone", () => {
  const [a, b] = [{ id: "a" }, { id: "b" }];
  assert.deepEqual(withToken([a], b), [b, a]);
  assert.deepEqual(withToken([b, a], b), [b, a]);
  assert.deepEqual(withoutToken([b, a], "b"), [a]);
});
