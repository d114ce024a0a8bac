import assert from "node:assert/strict";
import { test } from "node:test";
import { dueMark, fromLocalInput, toLocalInput } from "../../static/js/boards/due.js";
import { timeFormats } from "../../static/js/lib/time.js";

const berlin = timeFormats("en-US", "Europe/Berlin");
const now = new Date("2025-08-10T12:00:00Z");
const mark = (iso) => dueMark(iso, now, berlin);

test("what is late says how late", () => {
  assert.deepEqual(mark("2025-08-10T11:59:00Z"), { kind: "overdue", text: "Overdue" });
  assert.deepEqual(mark("2025-08-09T15:00:00Z"), { kind: "overdue", text: "1 day overdue" });
  assert.deepEqual(mark("2025-08-01T15:00:00Z"), { kind: "overdue", text: "9 days overdue" });
});

test("today and tomorrow are the viewer's days", () => {
  assert.deepEqual(mark("2025-08-10T21:59:00Z"), { kind: "today", text: "Due today" });
  assert.deepEqual(mark("2025-08-10T22:01:00Z"), { kind: "tomorrow", text: "Due tomorrow" });
  assert.deepEqual(mark("2025-08-11T21:59:00Z"), { kind: "tomorrow", text: "Due tomorrow" });
});

test("later dates name the day, and the year when it is another", () => {
  assert.deepEqual(mark("2025-12-04T12:00:00Z"), { kind: "later", text: "Dec 4" });
  assert.deepEqual(mark("2026-01-15T12:00:00Z"), { kind: "later", text: "Jan 15, 2026" });
});

test("a moment goes through the form and comes back the same", () => {
  const iso = "2025-08-10T12:34:00.000Z";
  assert.equal(fromLocalInput(toLocalInput(iso)), iso);
  assert.equal(toLocalInput(null), "");
  assert.equal(fromLocalInput(""), null);
});
