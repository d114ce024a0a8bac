import assert from "node:assert/strict";
import { test } from "node:test";
import { changedFields, fieldText, fieldsOf, mergeFields, mergeText } from "../../static/js/boards/task_merge.js";

const base = { title: "A", description: "one", priority: "none", startAt: "", dueAt: "" };

test("fields nobody touched here follow the others", () => {
  const { draft, conflicts } = mergeFields(base, { ...base, title: "mine" }, { ...base, description: "theirs" });
  assert.deepEqual(draft, { ...base, title: "mine", description: "theirs" });
  assert.deepEqual(conflicts, []);
});

test("a field changed on both sides is a conflict and keeps the words typed here", () => {
  const { draft, conflicts } = mergeFields(base, { ...base, title: "mine" }, { ...base, title: "theirs" });
  assert.equal(draft.title, "mine");
  assert.deepEqual(conflicts, ["title"]);
});

test("the same change on both sides is no conflict", () => {
  assert.deepEqual(mergeFields(base, { ...base, title: "B" }, { ...base, title: "B" }).conflicts, []);
});

test("only what changed is sent; dates go with their time zone, and a cleared one is null", () => {
  const task = { title: "A", description: "", dueAt: "2025-08-10T12:34:56.000Z" };
  const shown = fieldsOf(task);
  assert.deepEqual(changedFields(shown, { ...shown }, "Europe/Berlin"), {});
  const draft = { ...shown, dueAt: "", title: "B" };
  assert.deepEqual(changedFields(shown, draft, "Europe/Berlin"), { title: "B", dueAt: null, timeZone: "Europe/Berlin" });
  assert.deepEqual(changedFields(shown, { ...draft, priority: "high" }, "UTC", ["priority"]), { priority: "high" });
});

test("priorities and moments are said in words", () => {
  assert.equal(fieldText("priority", "urgent"), "Urgent");
  assert.equal(fieldText("title", "", null), "(empty)");
  assert.match(fieldText("dueAt", "2026-01-02T10:00", (date) => date.toISOString()), /^2026-01-0/);
});

test("changes of different lines of a text go together", () => {
  const merged = mergeText("intro\nold\nend", "intro\nmine\nend", "intro\nold\nend\nand more");
  assert.deepEqual(merged, { text: "intro\nmine\nend\nand more", clean: true });
  assert.deepEqual(mergeText("a\nb\nc", "a\nc", "a\nb\nc\nd"), { text: "a\nc\nd", clean: true });
  assert.equal(mergeText("a", "b", "b").clean, true);
});

test("where both changed the same lines none of them is lost", () => {
  assert.deepEqual(mergeText("", "mine", "theirs"), { text: "theirs\nmine", clean: false });
  assert.deepEqual(mergeText("a\nb\nc", "a\nB1\nc", "a\nB2\nc"), { text: "a\nB2\nB1\nc", clean: false });
});
