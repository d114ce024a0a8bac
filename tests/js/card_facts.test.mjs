import assert from "node:assert/strict";
import { test } from "node:test";
import { facesOf, factsOf, labelsOf } from "../../static/js/boards/card_facts.js";

const members = new Map(["a", "b", "c", "d", "e"].map((id) => [id, { userId: id, name: `Person ${id}` }]));

test("a card says only what there is to say, in one order", () => {
  assert.deepEqual(factsOf({ title: "x" }), []);
  const facts = factsOf({
    completedAt: "2026-01-01", priority: "urgent", description: "words", checklistDone: 2, checklistTotal: 5,
    commentCount: 1, linkCount: 3,
  });
  assert.deepEqual(facts.map(({ kind, text }) => [kind, text]), [
    ["done", "Done"], ["urgent", ""], ["described", ""], ["checklist", "2/5"], ["comments", "1"], ["links", "3"],
  ]);
  assert.deepEqual(facts.map(({ words }) => words), [
    "", "Urgent priority", "Has a description", "of the checklist done", "comment", "links",
  ]);
});

test("a finished checklist is told apart", () => {
  assert.equal(factsOf({ checklistDone: 5, checklistTotal: 5 })[0].kind, "complete");
});

test("three faces and a number; a fourth face takes no more room than the number would", () => {
  const faces = (...ids) => facesOf({ assigneeIds: ids }, members);
  assert.deepEqual([faces("a", "b", "c", "d").shown.length, faces("a", "b", "c", "d").more], [4, 0]);
  assert.deepEqual([faces("a", "b", "c", "d", "e").shown.length, faces("a", "b", "c", "d", "e").more], [3, 2]);
  assert.deepEqual(faces("b", "gone").names, ["Person b"]);
  assert.deepEqual(facesOf({}, members), { shown: [], more: 0, names: [] });
});

test("labels stand in the board's order", () => {
  const labels = new Map([["x", { id: "x" }], ["y", { id: "y" }]]);
  assert.deepEqual(labelsOf({ labelIds: ["y", "x", "gone"] }, labels).map(({ id }) => id), ["x", "y"]);
  assert.deepEqual(labelsOf({}, labels), []);
});
