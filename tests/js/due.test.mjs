import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dueMark, dueState, fromLocalInput, toLocalInput } from "../../static/js/boards/due.js";
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
  assert.deepEqual(mark("2025-08-10T22:01:00Z"), { kind: "soon", text: "Due tomorrow" });
  assert.deepEqual(mark("2025-08-11T21:59:00Z"), { kind: "soon", text: "Due tomorrow" });
  assert.deepEqual(mark("2025-08-12T11:00:00Z"), { kind: "soon", text: "Due Tue, Aug 12" });
});

test("states are those of the server", () => {
  const cases = JSON.parse(readFileSync(new URL("../support/due_cases.json", import.meta.url), "utf8"));
  for (const { zone, now: at, dueAt, isDone, state } of cases) {
    assert.equal(dueState(dueAt, new Date(at), timeFormats("en-US", zone), isDone), state, `${zone} ${at} ${dueAt}`);
  }
});

test("what is done only names its day", () => {
  assert.deepEqual(dueMark("2025-08-01T15:00:00Z", now, berlin, true), { kind: "none", text: "Aug 1" });
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
