import assert from "node:assert/strict";
import { test } from "node:test";
import { Members, outcome, secondsOf, stateOf, wordOf } from "../../static/js/members/state.js";

const maya = { userId: "m", name: "Maya", isDisabled: false, isActive: true, lastActivity: "2026-01-01T10:00:00Z", openSessions: 1 };
const omar = { ...maya, userId: "o", name: "Omar", isActive: false };

test("a state is a word, and whoever is disabled is nothing else", () => {
  assert.deepEqual([maya, omar, { ...maya, isDisabled: true }].map(stateOf), ["active", "inactive", "disabled"]);
  assert.deepEqual([maya, omar].map(wordOf), ["Active", "Not active"]);
});

test("news change those who look different, and bring nobody in", () => {
  const members = new Members([maya, omar]);
  const same = { userId: "m", isActive: true, lastActivity: maya.lastActivity, openSessions: 1 };
  assert.deepEqual(members.hear([same, { userId: "x", isActive: true }]), []);
  assert.deepEqual(members.hear([{ userId: "o", isActive: true, openSessions: 2 }]).map(({ name }) => name), ["Omar"]);
  assert.equal(members.get("o").openSessions, 2);
  assert.deepEqual(members.ids, ["m", "o"]);
});

test("minutes are read as people write them", () => {
  assert.deepEqual(["", " 5 ", "7.5", "7,5", "0", "-1", "x"].map(secondsOf), [null, 300, 450, 450, undefined, undefined, undefined]);
});

test("of many at once the refused are named with the reason", () => {
  const refused = [{ userId: "o", code: "last_owner", detail: "Make somebody else an owner first." }];
  assert.equal(outcome({ changed: [maya], refused }, () => "Omar"), "1 person changed. Omar: Make somebody else an owner first.");
  assert.equal(outcome({ changed: [], refused: [] }, () => ""), "Nobody was changed.");
});
