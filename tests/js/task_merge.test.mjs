import assert from "node:assert/strict";
import { test } from "node:test";
import { changedFields, fieldsOf, mergeFields } from "../../static/js/boards/task_merge.js";

const base = { title: "A", description: "one", dueAt: "" };

test("fields nobody touched here follow the others", () => {
  const { draft, conflicts } = mergeFields(base, { ...base, title: "mine" }, { ...base, description: "theirs" });
  assert.deepEqual(draft, { title: "mine", description: "theirs", dueAt: "" });
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

test("only what changed is sent, and a cleared due date is null", () => {
  const task = { title: "A", description: "", dueAt: "2025-08-10T12:34:56.000Z" };
  const shown = fieldsOf(task);
  assert.deepEqual(changedFields(shown, { ...shown }), {});
  assert.deepEqual(changedFields(shown, { ...shown, dueAt: "", title: "B" }), { title: "B", dueAt: null });
});
