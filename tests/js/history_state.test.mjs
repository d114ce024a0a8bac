import assert from "node:assert/strict";
import { test } from "node:test";
import { HistoryState, filterQuery, groupByDay, transitionWord } from "../../static/js/presence/history_state.js";
import { timeFormats } from "../../static/js/lib/time.js";

const item = (id, updatedAt = "2025-08-10T10:00:00Z") => ({ id, updatedAt });
const ids = (state) => state.items.map(({ id }) => id).join("");

test("pages are appended, and what is known already is not shown twice", () => {
  const state = new HistoryState();
  state.append({ items: [item("e"), item("d")], nextCursor: "c" });
  state.append({ items: [item("d"), item("c")], nextCursor: null });
  assert.equal(ids(state), "edc");
  assert.equal(state.nextCursor, null);
});

test("news come on top and keep the place of the scrolling", () => {
  const state = new HistoryState();
  state.append({ items: [item("b"), item("a")], nextCursor: "x" });
  assert.deepEqual(state.prepend({ items: [item("c"), item("b")], nextCursor: "y" }), [item("c")]);
  assert.equal(ids(state), "cba");
  assert.equal(state.nextCursor, "x");
});

test("news that do not reach what is known say so, instead of leaving a hole", () => {
  const state = new HistoryState();
  state.append({ items: [item("a")], nextCursor: "x" });
  assert.equal(state.prepend({ items: [item("z"), item("y")], nextCursor: "w" }), null);
  assert.equal(ids(state), "a");
});

test("every status is told as something that happened", () => {
  const told = ["online", "idle", "away", "busy", "offline"].map(transitionWord);
  assert.deepEqual(told, ["came online", "went idle", "went away", "is busy", "went offline"]);
});

test("days are the viewer's", () => {
  const now = new Date("2025-08-10T18:00:00Z");
  const items = [item("a", "2025-08-10T10:00:00Z"), item("b", "2025-08-09T22:10:00Z"), item("c", "2025-08-09T21:50:00Z")];
  const days = groupByDay(items, now, timeFormats("en-US", "Europe/Berlin"));
  assert.deepEqual(days.map(({ heading, items: found }) => [heading, found.length]), [["Today", 2], ["Yesterday", 1]]);
});

test("filters become a query; a day reaches from its first to its last moment", () => {
  const query = filterQuery({ userId: "", status: "idle", from: "2025-08-10", to: "2025-08-10" }, 50);
  assert.equal(query.get("limit"), "50");
  assert.equal(query.get("status"), "idle");
  assert.equal(query.has("userId"), false);
  assert.equal(new Date(query.get("to")) - new Date(query.get("from")), 24 * 3_600_000 - 1);
});
