import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, othersOf, withoutSession } from "../../static/js/settings/session_words.js";

const here = { id: "a", client: "Firefox on Windows", device: "desktop", isCurrent: true };
const phone = { id: "b", client: null, device: "mobile", isCurrent: false };

test("a login is called by its browser, or by the kind of device", () => {
  assert.deepEqual([here, phone].map(nameOf), ["Firefox on Windows", "A phone"]);
});

test("the others are all but the one that looks", () => {
  assert.deepEqual(othersOf([here, phone]), [phone]);
  assert.deepEqual(othersOf([here]), []);
});

test("an ended login leaves the list", () => {
  assert.deepEqual(withoutSession([here, phone], "b"), [here]);
});
