import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf, wordsOf } from "../../static/js/notifications/words.js";
import { choicesOf, kindsOf } from "../../static/js/settings/told.js";

const BOARD = { id: "b", name: "Launch" };
const base = { board: BOARD, task: { id: "t", name: "Write" }, actor: { userId: "u", name: "Maya" }, dueAt: null };
const words = (more) => Object.values(wordsOf({ ...base, ...more }, (at) => `at ${at}`)).join("|");

test("every kind says who did what where", () => {
  assert.equal(words({ kind: "mention" }), "Maya|mentioned you in Write|Launch");
  assert.equal(words({ kind: "assigned" }), "Maya|assigned you to Write|Launch");
  assert.equal(words({ kind: "comment", actor: null }), "Somebody|commented on Write|Launch");
  assert.equal(words({ kind: "board_added", task: null }), "Maya|added you to the board Launch|");
  assert.equal(words({ kind: "due_soon", actor: null, dueAt: "5" }), "|Write is due at 5|Launch");
});

test("a notification leads to its task, or to its board", () => {
  assert.equal(pathOf(base), "/boards/b#/tasks/t");
  assert.equal(pathOf({ ...base, task: null }), "/boards/b");
});

test("a form has preferences as the server takes them", () => {
  const kinds = { mention: { inApp: true, email: false }, comment: { inApp: false, email: true } };
  assert.deepEqual(kindsOf(choicesOf(kinds)), kinds);
});
