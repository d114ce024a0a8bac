import assert from "node:assert/strict";
import { test } from "node:test";
import { compareMembers, countGroups, describe, groupOf, matches } from "../../static/js/presence/people.js";

const member = (name, status, more = {}) => ({ userId: name, name, status, ...more });
const context = { titleOf: (id) => ({ t1: "Rewrite copy" })[id], boardPage: "Board: Relaunch" };

test("busy people are active, away people are idle, unknown statuses are offline", () => {
  assert.deepEqual(["online", "busy", "idle", "away", "offline", "?"].map((status) => groupOf({ status })), [
    "active", "active", "idle", "idle", "offline", "offline",
  ]);
  assert.deepEqual(countGroups([member("a", "busy"), member("b", "away"), member("c", "online")]), { active: 2, idle: 1, offline: 0 });
});

test("active people stand by name, absent ones with the latest seen first", () => {
  const active = [member("Omar", "online", { lastSeen: "2" }), member("Maya", "busy", { lastSeen: "1" })].sort(compareMembers);
  assert.deepEqual(active.map(({ name }) => name), ["Maya", "Omar"]);
  const absent = [member("Maya", "offline", { lastSeen: "2025-08-10" }), member("Omar", "offline", { lastSeen: "2025-08-12" }), member("Tom", "offline", { lastSeen: null })];
  assert.deepEqual(absent.sort(compareMembers).map(({ name }) => name), ["Omar", "Maya", "Tom"]);
  assert.equal(compareMembers(absent[0], { ...absent[0], typing: true }), 0);
});

test("search finds parts of names in any order, whatever case and accents", () => {
  assert.ok(matches(member("Zoë Müller", "online"), "mull zoe"));
  assert.ok(matches(member("Zoë Müller", "online"), ""));
  assert.ok(!matches(member("Zoë Müller", "online"), "maya"));
});

test("a row says the status as a word, visibly or for screen readers", () => {
  const said = (more) => { const { word, unsaid = "" } = describe(member("a", "online", more), context); return `${unsaid}|${word}`; };
  assert.equal(said({}), "|Online");
  assert.equal(said({ currentPage: "Board: Relaunch" }), "|Online");
  assert.equal(said({ currentPage: "My work" }), "|Online · My work");
  assert.equal(said({ typing: true, taskId: "t1" }), "Online|Typing in ");
  assert.equal(said({ typing: true, taskId: "gone" }), "Online|Typing");
  assert.equal(said({ reconnecting: true, typing: true }), "Online|leaving…");
  assert.equal(said({ status: "idle", lastSeen: "x" }), "|Idle · active ");
  assert.equal(said({ status: "busy", currentPage: "My work" }), "|Busy · My work");
  assert.equal(said({ status: "away", lastSeen: "x" }), "|Away");
  assert.equal(said({ status: "offline", lastSeen: "x" }), "Offline|last seen ");
  assert.equal(said({ status: "offline", lastSeen: null }), "|Offline");
});

test("typing names the task and shows the typing dot", () => {
  const { dot, task } = describe(member("a", "busy", { typing: true, taskId: "t1" }), context);
  assert.equal(dot, "typing");
  assert.deepEqual(task, { id: "t1", title: "Rewrite copy" });
});

test("busy and away say when that ends, and typing is said before it", () => {
  const until = "2025-08-10T13:00:00Z";
  const said = (status, more) => describe(member("a", status, { statusUntil: until, lastSeen: "x", ...more }), context);
  assert.deepEqual(said("busy"), { word: "Busy until ", seen: "until", dot: "busy" });
  assert.deepEqual(said("away"), { word: "Away · back ", seen: "back", dot: "away" });
  assert.equal(said("busy", { typing: true }).word, "Typing");
  assert.equal(said("offline").seen, "exact");
});
