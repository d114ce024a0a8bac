import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  bucketOf, endOfDay, firstOfWeek, isWholeDay, momentAt, movedBy, shifted, wallTime, weekStartOf, zoneOf,
} from "../../static/js/deadlines/rules.js";
import { timeFormats } from "../../static/js/lib/time.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../support/${name}`, import.meta.url), "utf8"));

test("buckets are those of the server", () => {
  const snake = { thisWeek: "this_week", noDate: "no_date" };
  for (const { zone, now, dueAt, bucket, weekStart = 1 } of read("due_cases.json").filter((each) => each.bucket)) {
    const found = bucketOf(dueAt, new Date(now), timeFormats("en-US", zone), weekStart);
    assert.equal(snake[found] ?? found, bucket, `${zone} ${now} ${dueAt}`);
  }
});

test("a time of day on another day is the server's", () => {
  for (const { zone, dueAt, day, moved } of read("move_cases.json")) {
    const { ms } = wallTime(new Date(dueAt), zone);
    assert.equal(momentAt(day, ms, zone).toISOString(), new Date(moved).toISOString(), `${zone} ${dueAt} ${day}`);
  }
});

test("moving over a change of the clocks keeps the time on the wall", () => {
  assert.equal(shifted("2026-03-27T08:00:00.000Z", 3, "Europe/Berlin"), "2026-03-30T07:00:00.000Z");
  assert.equal(shifted("2026-10-23T21:59:00.000Z", 7, "Europe/Berlin"), "2026-10-30T22:59:00.000Z");
});

test("the end of a day means the day", () => {
  const iso = endOfDay("2026-08-12", "Europe/Berlin");
  assert.equal(iso, "2026-08-12T21:59:00.000Z");
  assert.ok(isWholeDay(iso, "Europe/Berlin"));
  assert.ok(!isWholeDay(iso, "America/New_York"));
});

test("a start moves with its due date, in the zone they were set in", () => {
  const task = { startAt: "2026-03-26T23:00:00.000Z", dueAt: "2026-03-27T22:59:00.000Z", timeZone: "Europe/Berlin" };
  assert.deepEqual(movedBy(task, 3, "America/New_York"), {
    startAt: "2026-03-29T22:00:00.000Z", dueAt: "2026-03-30T21:59:00.000Z",
  });
  assert.deepEqual(movedBy({ dueAt: "2026-03-27T22:59:00.000Z", timeZone: null }, 1, "UTC"), {
    dueAt: "2026-03-28T22:59:00.000Z", timeZone: "UTC",
  });
});

test("a zone this browser does not know is the viewer's", () => {
  assert.equal(zoneOf({ timeZone: "Atlantis/Capital" }, "UTC"), "UTC");
  assert.equal(zoneOf({ timeZone: "Asia/Kolkata" }, "UTC"), "Asia/Kolkata");
});

test("weeks begin as the reader's country has it", () => {
  assert.equal(weekStartOf("de-DE"), 1);
  assert.equal(weekStartOf("en-US"), 7);
  assert.equal(weekStartOf("not a language"), 1);
  assert.equal(firstOfWeek("2026-08-12", 1), "2026-08-10");
  assert.equal(firstOfWeek("2026-08-09", 7), "2026-08-09");
});
