import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords, emptyFilter, fits, isEmpty, readFilter, writeFilter } from "../../static/js/boards/filter_state.js";
import { timeFormats } from "../../static/js/lib/time.js";

const now = Date.parse("2026-03-04T09:00:00Z");
const about = { me: "maya", now, formats: timeFormats("en", "UTC") };
const task = (more = {}) => ({ title: "Call the printer", description: "", labelIds: [], assigneeIds: [], dueAt: null, completedAt: null, ...more });
const shows = (filter, more) => fits(task(more), { ...emptyFilter(), ...filter }, about);

test("a filter goes into the address and comes back from it", () => {
  const filter = { q: "call me", labels: ["l1", "l2"], people: ["me", "none"], due: "week", status: "open" };
  const search = writeFilter("?on=1", filter);
  assert.equal(search, "?on=1&q=call+me&labels=l1,l2&people=me,none&due=week&status=open");
  assert.deepEqual(readFilter(search), filter);
  assert.equal(writeFilter(search, emptyFilter()), "?on=1");
  assert.equal(writeFilter("", emptyFilter()), "");
});

test("what makes no sense in an address is no filter", () => {
  assert.ok(isEmpty(readFilter("?due=never&status=toString&labels=,,&q=+")));
  assert.deepEqual(readFilter("?labels=a,a,b").labels, ["a", "b"]);
});

test("words may stand anywhere in title and description, in any order and size", () => {
  assert.ok(shows({ q: "PRINT call" }));
  assert.ok(shows({ q: "noon printer" }, { description: "By noon" }));
  assert.ok(shows({ q: "grosse cafe" }, { title: "Café", description: "große Grosse" }));
  assert.ok(!shows({ q: "printer midnight" }));
});

test("of several labels or people one is enough, and all parts of a filter must fit", () => {
  assert.ok(shows({ labels: ["l1", "l2"] }, { labelIds: ["l2"] }));
  assert.ok(!shows({ labels: ["l1"] }, { labelIds: ["l2"] }));
  assert.ok(shows({ people: ["me"] }, { assigneeIds: ["maya"] }));
  assert.ok(!shows({ people: ["me"] }, { assigneeIds: ["omar"] }));
  assert.ok(shows({ people: ["none", "omar"] }));
  assert.ok(!shows({ people: ["me"], labels: ["l1"] }, { assigneeIds: ["maya"] }));
  assert.ok(shows({ labels: [] }, { labelIds: undefined }));
});

test("due dates are those of the viewer's day, and nothing that is done is due", () => {
  const due = (dueAt, completedAt = null) => Object.keys({ overdue: 1, today: 1, week: 1, none: 1 }).filter((name) => shows({ due: name }, { dueAt, completedAt }));
  assert.deepEqual(due("2026-03-04T08:00:00Z"), ["overdue", "today"]);
  assert.deepEqual(due("2026-03-04T22:00:00Z"), ["today", "week"]);
  assert.deepEqual(due("2026-03-10T08:00:00Z"), ["week"]);
  assert.deepEqual(due("2026-04-10T08:00:00Z"), []);
  assert.deepEqual(due(null), ["none"]);
  assert.deepEqual(due("2026-03-01T08:00:00Z", "2026-03-02T08:00:00Z"), []);
});

test("open and done are what they say, and the count is in words", () => {
  assert.deepEqual([shows({ status: "open" }), shows({ status: "done" })], [true, false]);
  assert.deepEqual([shows({ status: "open" }, { completedAt: "x" }), shows({ status: "done" }, { completedAt: "x" })], [false, true]);
  assert.equal(countWords(12, 40), "12 of 40 tasks");
  assert.equal(countWords(0, 1), "0 of 1 task");
});
