import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, moved, placeOf, progressOf, withItem } from "../../static/js/boards/checklist_state.js";
import { feedWords } from "../../static/js/boards/feed_words.js";
import { quickAdd } from "../../static/js/boards/quick_add.js";
import { foreignTimes } from "../../static/js/boards/task_zone.js";

const items = ["a", "b", "c"].map((id, index) => ({ id, text: id, done: index === 0 }));
const ids = (list) => list.map(({ id }) => id).join("");

test("pasted lists of other programs become plain lines", () => {
  assert.deepEqual(linesOf("- [x] buy paper\n\n  2) call\n* send\n-5 degrees\n2026 plan"),
    ["buy paper", "call", "send", "-5 degrees", "2026 plan"]);
});

test("items of a checklist are ticked and moved without touching the others", () => {
  assert.deepEqual(progressOf(items), { done: 1, total: 3 });
  assert.deepEqual(progressOf(withItem(items, "b", { done: true })), { done: 2, total: 3 });
  assert.equal(ids(moved(items, "a", 1)), "bac");
  assert.equal(placeOf(moved(items, "a", 1), "a"), "b");
  assert.equal(placeOf(moved(items, "b", -1), "b"), null);
  assert.equal(moved(items, "a", -1), null);
  assert.equal(moved(items, "c", 1), null);
});

test("several lines are several tasks, and the form says so before", () => {
  assert.deepEqual(quickAdd(" one \n\n two ", true).texts, ["one", "two"]);
  assert.equal(quickAdd("one\ntwo", true).words, "Adds 2 tasks, one for each line.");
  assert.deepEqual(quickAdd("one", true), { texts: ["one"], words: "", problem: "" });
  assert.deepEqual(quickAdd("one\ntwo", false).texts, ["one\ntwo"]);
});

test("what cannot be added is said with the line and the limit", () => {
  const long = "x".repeat(501);
  assert.match(quickAdd(`ok\n${long}`, true).problem, /^Line 2 has 501 characters; 500/);
  assert.match(quickAdd(long, true).problem, /^The title has 501/);
  assert.match(quickAdd("x\n".repeat(101), true).problem, /101 lines; add at most 100/);
});

test("every entry of a feed is a sentence, also of what is gone or unknown", () => {
  const context = {
    nameOf: (id) => ({ maya: "Maya" })[id], labelOf: (id) => ({ l: "Design" })[id], when: (iso) => iso,
  };
  const say = (kind, details) => feedWords({ kind, details }, context);
  assert.equal(say("created"), "created the task");
  assert.equal(say("moved", { from: "To do", to: "Done" }), "moved it from To do to Done");
  assert.equal(say("assigned", { userId: "maya" }), "assigned Maya");
  assert.equal(say("assigned", { userId: "gone", name: "Omar" }), "assigned Omar");
  assert.equal(say("labeled", { labelId: "l" }), "added the label “Design”");
  assert.equal(say("dated", { startAt: null, dueAt: "Friday" }), "set due Friday");
  assert.equal(say("dated", { startAt: null, dueAt: null }), "took the dates off");
  assert.equal(say("prioritized", { to: "urgent" }), "set the priority to urgent");
  assert.equal(say("checklist", { what: "added", text: "Call" }), "added “Call” in the checklist");
  assert.equal(say("teleported"), "changed the task (teleported)");
});

test("dates set in another time zone say what its clock showed", () => {
  const task = { startAt: null, dueAt: "2026-08-10T15:00:00.000Z", timeZone: "Asia/Tokyo" };
  assert.equal(foreignTimes(task, "Europe/Berlin", ["en-US"]), "Set in Tokyo: due 12:00 AM, Aug 11, 2026");
  assert.equal(foreignTimes(task, "Asia/Tokyo", ["en-US"]), "");
  assert.equal(foreignTimes({ ...task, timeZone: "Europe/Paris" }, "Europe/Berlin", ["en-US"]), "", "the same clock");
  assert.equal(foreignTimes({ ...task, dueAt: null }, "Europe/Berlin", ["en-US"]), "");
});
