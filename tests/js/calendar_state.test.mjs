import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressOf, agendaOf, layOutWeek, readAddress, sortTasks, stepped, weeksOf,
} from "../../static/js/deadlines/calendar_state.js";

const dayKey = (date) => date.toISOString().slice(0, 10);
const task = (id, due, start = null, more = {}) => ({
  id, title: id, dueAt: due && `${due}T12:00:00Z`, startAt: start && `${start}T09:00:00Z`, completedAt: null, archivedAt: null, ...more,
});
const spans = (...tasks) => sortTasks(tasks, dayKey).dated;

test("an address says view and day, and what it says badly is month and today", () => {
  assert.deepEqual(readAddress("?view=week&on=2026-08-12", "2026-01-01"), { view: "week", on: "2026-08-12" });
  for (const on of ["2026-02-30", "yesterday", "", "1066-10-14", "9999-01-01", "2026-8-1"]) {
    assert.deepEqual(readAddress(`?view=year&on=${on}`, "2026-01-01"), { view: "month", on: "2026-01-01" });
  }
  assert.equal(addressOf({ view: "week", on: "2026-08-12" }), "?view=week&on=2026-08-12");
});

test("a step is a week or a month, which may be shorter", () => {
  assert.equal(stepped({ view: "week", on: "2026-12-28" }, 1).on, "2027-01-04");
  assert.equal(stepped({ view: "month", on: "2026-01-31" }, 1).on, "2026-02-28");
  assert.equal(stepped({ view: "month", on: "2026-01-31" }, -1).on, "2025-12-31");
});

test("a month has the weeks it touches, from the day weeks begin with", () => {
  const august = weeksOf({ view: "month", on: "2026-08-12" }, 1);
  assert.equal(august.length, 6);
  assert.deepEqual([august[0][0], august.at(-1).at(-1)], ["2026-07-27", "2026-09-06"]);
  assert.deepEqual(weeksOf({ view: "month", on: "2026-02-12" }, 7).map((week) => week[0]),
    ["2026-02-01", "2026-02-08", "2026-02-15", "2026-02-22"]);
  assert.equal(weeksOf({ view: "month", on: "2026-12-01" }, 1).at(-1).at(-1), "2027-01-03");
  assert.deepEqual(weeksOf({ view: "week", on: "2026-08-12" }, 1)[0][0], "2026-08-10");
});

test("archived tasks are nowhere, done ones without a date too", () => {
  const { dated, undated } = sortTasks([
    task("b", null), task("a", null), task("done", null, null, { completedAt: "x" }),
    task("gone", "2026-08-12", null, { archivedAt: "x" }), task("late", "2026-08-12"), task("early", "2026-08-11"),
  ], dayKey);
  assert.deepEqual(undated.map(({ id }) => id), ["a", "b"]);
  assert.deepEqual(dated.map(({ task: { id } }) => id), ["early", "late"]);
});

test("tasks of several days are bars in lanes of their own, cut at the edges of the week", () => {
  const [week] = weeksOf({ view: "week", on: "2026-08-12" }, 1);
  const { bars, days, lanes } = layOutWeek(week, spans(
    task("before", "2026-08-11", "2026-08-01"), task("inside", "2026-08-13", "2026-08-11"),
    task("after", "2026-08-20", "2026-08-13"), task("whole", "2026-08-30", "2026-08-01"),
    task("one", "2026-08-12"), task("elsewhere", "2026-08-22"), task("backwards", "2026-08-12", "2026-08-14"),
  ));
  const shown = Object.fromEntries(bars.map(({ task: { id }, ...bar }) => [id, bar]));
  assert.deepEqual(shown, {
    whole: { from: 0, to: 6, lane: 0, begins: false, ends: false },
    before: { from: 0, to: 1, lane: 1, begins: false, ends: true },
    inside: { from: 1, to: 3, lane: 2, begins: true, ends: true },
    after: { from: 3, to: 6, lane: 1, begins: true, ends: false },
  });
  assert.equal(lanes, 3);
  assert.deepEqual(days.get("2026-08-12").map(({ id }) => id), ["backwards", "one"]);
});

test("bars of one lane never overlap", () => {
  const [week] = weeksOf({ view: "week", on: "2026-08-12" }, 1);
  const many = Array.from({ length: 60 }, (_, n) =>
    task(`t${n}`, week[Math.min(6, (n * 5) % 7 + n % 3)], week[Math.min(n % 7, (n * 5) % 7)]));
  const lanes = new Map();
  for (const bar of layOutWeek(week, spans(...many)).bars) {
    const taken = lanes.get(bar.lane) ?? new Set();
    for (let place = bar.from; place <= bar.to; place += 1) {
      assert.ok(!taken.has(place));
      taken.add(place);
    }
    lanes.set(bar.lane, taken);
  }
});

test("an agenda has the days with tasks and those asked for, of the month alone", () => {
  const address = { view: "month", on: "2026-08-12" };
  const found = agendaOf(weeksOf(address, 1), spans(task("july", "2026-07-31"), task("a", "2026-08-03"),
    task("long", "2026-08-20", "2026-08-01")), address, ["2026-08-12", "2026-07-01"]);
  assert.deepEqual(found.map(({ day, tasks }) => [day, tasks.map(({ id }) => id)]),
    [["2026-08-03", ["a"]], ["2026-08-12", []], ["2026-08-20", ["long"]]]);
});
