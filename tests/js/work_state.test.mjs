import assert from "node:assert/strict";
import { test } from "node:test";
import { timeFormats } from "../../static/js/lib/time.js";
import { WorkState } from "../../static/js/deadlines/work_state.js";

const NOW = new Date("2026-08-12T12:00:00Z");
const task = (id, dueAt = null, more = {}) => ({ id, title: id, dueAt, priority: "none", completedAt: null, version: 1, boardName: "B", ...more });
const view = (lists, counts = {}) => ({
  overdue: [], today: [], thisWeek: [], later: [], noDate: [], ...lists,
  counts: { overdue: 0, today: 0, thisWeek: 0, later: 0, noDate: 0, ...counts },
});
const arranged = (state, now = NOW) => state.arrange(now, timeFormats("en-US", "UTC"), 1);
const ids = (state, now) => Object.fromEntries(Object.entries(arranged(state, now))
  .filter(([, { tasks }]) => tasks.length).map(([name, { tasks }]) => [name, tasks.map(({ id }) => id)]));

test("time moves tasks on without being told", () => {
  const state = new WorkState(view({ today: [task("a", "2026-08-12T13:00:00Z")], thisWeek: [task("b", "2026-08-13T09:00:00Z")] }));
  assert.deepEqual(ids(state), { today: ["a"], thisWeek: ["b"] });
  assert.deepEqual(ids(state, new Date("2026-08-13T08:00:00Z")), { overdue: ["a"], today: ["b"] });
});

test("what is urgent stands first among what is due at the same time", () => {
  const state = new WorkState(view({ noDate: [task("b"), task("a"), task("c", null, { priority: "urgent" })] }));
  assert.deepEqual(ids(state), { noDate: ["c", "a", "b"] });
});

test("a new date moves a task, and its count goes along", () => {
  const many = Array.from({ length: 100 }, (_, n) => task(`n${n}`));
  const state = new WorkState(view({ noDate: many, today: [task("a", "2026-08-12T13:00:00Z")] }, { noDate: 120, today: 1 }));
  state.put("n0", { id: "n0", dueAt: "2026-08-12T14:00:00Z", version: 2, description: "not for here" });
  const { today, noDate } = arranged(state);
  assert.deepEqual([today.count, today.more, noDate.count, noDate.more], [2, false, 119, true]);
  assert.ok(!("description" in state.find("n0")));
});

test("what is ticked stays to be taken back, until it is open again", () => {
  const state = new WorkState(view({ noDate: [task("a")] }));
  state.put("a", { version: 1, completedAt: "2026-08-12T12:00:00Z" });
  assert.deepEqual(ids(state), {});
  assert.equal(state.find("a").title, "a");
  assert.ok(!state.isEmpty);
  state.load(view({}));
  assert.ok(state.done.has("a"));
  state.load(view({ noDate: [task("a", null, { version: 3 })] }));
  assert.ok(!state.done.has("a"));
});

test("an older answer changes nothing, and what is gone is gone", () => {
  const state = new WorkState(view({ noDate: [task("a", null, { version: 5 })] }));
  state.put("a", { title: "old", version: 4 });
  state.put("unknown", { title: "x", version: 1 });
  assert.equal(state.find("a").title, "a");
  state.drop("a");
  assert.ok(state.isEmpty);
});
