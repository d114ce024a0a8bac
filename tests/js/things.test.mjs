import assert from "node:assert/strict";
import { test } from "node:test";
import { Things } from "../../static/js/boards/things.js";

const task = (more = {}) => ({ id: "t", title: "old", listId: "todo", labelIds: [], version: 1, archivedAt: null, ...more });
const holding = (...things) => {
  const changed = [];
  const kept = new Things((id) => changed.push(id));
  kept.load(things);
  changed.length = 0;
  return { kept, changed, shown: () => kept.shown.get("t") };
};
const withLabel = (label) => (thing) => ({ ...thing, labelIds: [...thing.labelIds, label] });

test("one's own change is shown at once and gone again when the server refuses", () => {
  const { kept, changed, shown } = holding(task());
  const settle = kept.expect("t", (thing) => ({ ...thing, title: "mine" }));
  assert.equal(shown().title, "mine");
  settle();
  assert.equal(shown().title, "old");
  assert.deepEqual(changed, ["t", "t"]);
});

test("what others change meanwhile is kept below it", () => {
  const { kept, shown } = holding(task());
  const settle = kept.expect("t", (thing) => ({ ...thing, listId: "done" }));
  kept.hear(task({ title: "theirs", version: 2 }));
  assert.deepEqual([shown().title, shown().listId], ["theirs", "done"]);
  settle();
  assert.deepEqual([shown().title, shown().listId], ["theirs", "todo"]);
});

test("two labels chosen quickly stay both, whichever answer comes first", () => {
  const { kept, shown } = holding(task());
  const [first, second] = ["a", "b"].map((label) => kept.expect("t", withLabel(label)));
  assert.deepEqual(shown().labelIds, ["a", "b"]);
  kept.hear(task({ labelIds: ["a"] }));
  kept.hear(task({ labelIds: ["a", "b"] }));
  first(task({ labelIds: ["a"] })); // older than what was told since, of the same version
  second(task({ labelIds: ["a", "b"] }));
  assert.deepEqual(shown().labelIds, ["a", "b"]);
});

test("without news the answer is the truth, and a newer version always", () => {
  const { kept, shown } = holding(task());
  kept.expect("t", withLabel("a"))(task({ labelIds: ["a", "by another"] }));
  assert.deepEqual(shown().labelIds, ["a", "by another"]);
  const settle = kept.expect("t", (thing) => thing);
  kept.hear(task({ title: "of before", version: 1 }));
  settle(task({ title: "saved", version: 2 }));
  assert.equal(shown().title, "saved");
});

test("what is archived is off the page and comes back with its next version", () => {
  const { kept, shown } = holding(task());
  kept.hear(task({ version: 2, archivedAt: "2026-01-01" }));
  assert.equal(shown(), undefined);
  kept.put(task({ version: 1 }));
  assert.equal(shown(), undefined);
  kept.hear(task({ version: 3 }));
  assert.equal(shown().version, 3);
});

test("a deletion that is refused puts the thing back, one that is undone lets it in again", () => {
  const { kept, shown } = holding(task());
  kept.expect("t", () => null)();
  assert.equal(shown().title, "old");
  kept.drop("t");
  kept.hear(task({ version: 5 }));
  assert.equal(shown(), undefined, "told before the deletion");
  kept.welcome("t");
  kept.put(task({ version: 5 }));
  assert.equal(shown().version, 5);
});

test("loading shows also what is gone, and keeps what is not yet answered on top", () => {
  const { kept, changed, shown } = holding(task(), { id: "gone", version: 1 });
  kept.expect("t", (thing) => ({ ...thing, title: "mine" }));
  kept.load([task({ title: "theirs", version: 7 })]);
  assert.equal(shown().title, "mine");
  assert.ok(changed.includes("gone"));
});
