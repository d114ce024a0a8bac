import assert from "node:assert/strict";
import { test } from "node:test";
import { BoardState, provisionalPosition } from "../../static/js/boards/state.js";

const list = (id, position = id, version = 1) => ({ id, name: id, position, version });
const task = (id, more = {}) => ({ id, title: id, listId: "todo", position: id, version: 1, ...more });
const board = (more = {}) => ({
  id: "b", name: "Relaunch", version: 1, seq: 10, role: "member",
  lists: [list("todo"), list("done")], tasks: [task("t1"), task("t2")], members: [{ userId: "u", name: "U" }], ...more,
});
const titles = (state, listId) => state.tasksOf(listId).map(({ title }) => title);
const fresh = (more) => { const state = new BoardState(board(more)); state.takeChanges(); return state; };

test("changes in order are applied and name what has to be shown again", () => {
  const state = fresh();
  assert.equal(state.receive("task_created", { seq: 11, task: task("t3") }), false);
  assert.equal(state.receive("task_moved", { seq: 12, task: task("t1", { listId: "done", version: 2 }) }), false);
  assert.deepEqual(titles(state, "todo"), ["t2", "t3"]);
  assert.deepEqual(titles(state, "done"), ["t1"]);
  const changes = state.takeChanges();
  assert.deepEqual([...changes.tasks].sort(), ["t1", "t3"]);
  assert.equal(changes.board, false);
  assert.equal(state.takeChanges().tasks.size, 0);
});

test("a change heard twice is applied once", () => {
  const state = fresh();
  state.receive("task_created", { seq: 11, task: task("t3") });
  state.receive("task_deleted", { seq: 12, task: { id: "t3" } });
  assert.equal(state.receive("task_created", { seq: 11, task: task("t3") }), false);
  assert.equal(state.tasks.has("t3"), false);
});

test("a missing number asks for the whole board, and what came after it is not lost", () => {
  const state = fresh();
  assert.equal(state.receive("task_updated", { seq: 12, task: task("t1", { title: "new", version: 3 }) }), true);
  assert.deepEqual(titles(state, "todo"), ["t1", "t2"], "nothing out of order is shown");
  assert.equal(state.load(board({ seq: 11 })), true);
  assert.deepEqual(titles(state, "todo"), ["new", "t2"]);
  assert.equal(state.seq, 12);
});

test("changes that come in the wrong order are put in order", () => {
  const state = fresh();
  assert.equal(state.receive("task_deleted", { seq: 12, task: { id: "t3" } }), true);
  assert.equal(state.receive("task_created", { seq: 11, task: task("t3") }), false);
  assert.equal(state.tasks.has("t3"), false);
  assert.equal(state.seq, 12);
});

test("a board older than what is known is refused", () => {
  const state = fresh();
  state.receive("task_created", { seq: 11, task: task("t3") });
  assert.equal(state.load(board({ seq: 10 })), false);
  assert.ok(state.tasks.has("t3"));
});

test("loading names also what is gone", () => {
  const state = fresh();
  state.load(board({ seq: 20, tasks: [task("t2")], lists: [list("todo")] }));
  const { tasks, lists } = state.takeChanges();
  assert.ok(tasks.has("t1") && lists.has("done"));
});

test("one's own newer version is not overwritten by an older change that comes later", () => {
  const state = fresh();
  state.putTask(task("t1", { title: "mine", version: 3 }));
  state.receive("task_updated", { seq: 11, task: task("t1", { title: "theirs", version: 2 }) });
  assert.equal(state.tasks.get("t1").title, "mine");
  state.receive("task_updated", { seq: 12, task: task("t1", { title: "mine", version: 3 }) });
  assert.equal(state.tasks.get("t1").title, "mine");
});

test("what one has deleted does not come back with a change from before", () => {
  const state = fresh();
  state.dropTask("t1");
  state.receive("task_updated", { seq: 11, task: task("t1", { version: 2 }) });
  assert.equal(state.tasks.has("t1"), false);
  state.load(board({ seq: 12 }));
  assert.ok(state.tasks.has("t1"), "the whole board knows better");
});

test("what others have deleted does not come back with an answer that comes late", () => {
  const state = fresh();
  const before = state.tasks.get("t1");
  state.receive("task_deleted", { seq: 11, task: { id: "t1" } });
  state.putTask(before);
  assert.equal(state.tasks.has("t1"), false);
  const list = state.lists.get("done");
  state.receive("list_deleted", { seq: 12, list: { id: "done" } });
  state.putList(list);
  assert.equal(state.lists.has("done"), false);
});

test("a deleted list takes its tasks along", () => {
  const state = fresh();
  state.receive("list_deleted", { seq: 11, list: { id: "todo" } });
  assert.equal(state.tasks.size, 0);
  assert.deepEqual([...state.takeChanges().tasks].sort(), ["t1", "t2"]);
});

test("the board's name and members follow board_updated", () => {
  const state = fresh();
  state.receive("board_updated", { seq: 11, board: { id: "b", name: "New", archivedAt: null, version: 2 }, members: [{ userId: "v" }] });
  assert.equal(state.board.name, "New");
  assert.equal(state.board.role, "member");
  assert.deepEqual([...state.members.keys()], ["v"]);
  const { board: changed, members } = state.takeChanges();
  assert.ok(changed && members);
});

test("positions are compared as plain strings", () => {
  const state = fresh({ tasks: [task("a", { position: "a0" }), task("b", { position: "Zz" }), task("c", { position: "a0V" })] });
  assert.deepEqual(titles(state, "todo"), ["b", "a", "c"]);
});

test("a provisional place lies right after the task before it, or first", () => {
  const state = fresh({ tasks: [task("x", { position: "a0" }), task("y", { position: "a0V" }), task("z", { position: "a1" })] });
  state.putTask({ ...state.tasks.get("z"), position: provisionalPosition(state.tasks.get("x")) });
  assert.deepEqual(titles(state, "todo"), ["x", "z", "y"]);
  state.putTask({ ...state.tasks.get("y"), position: provisionalPosition(null) });
  assert.deepEqual(titles(state, "todo"), ["y", "x", "z"]);
});

test("labels, details of tasks and comments are handed on", () => {
  const state = fresh({ labels: [{ id: "l", name: "Old" }] });
  state.receive("board_updated", { seq: 11, board: { version: 2 }, labels: [{ id: "l", name: "New" }] });
  state.receive("task_updated", { seq: 12, task: task("t1"), checklist: [{ id: "i" }] });
  state.receive("task_updated", { seq: 13, task: task("t1"), links: [{ id: "u" }] });
  state.receive("comment_added", { seq: 14, task: task("t1", { commentCount: 1 }), comment: { id: "c" } });
  assert.equal(state.labels.get("l").name, "New");
  const { labels, details, comments } = state.takeChanges();
  assert.ok(labels);
  assert.deepEqual(details.get("t1"), { checklist: [{ id: "i" }], links: [{ id: "u" }] });
  assert.deepEqual(comments.map(({ event, comment }) => [event, comment.id]), [["comment_added", "c"]]);
  assert.equal(state.tasks.get("t1").commentCount, 1);
});

test("an archived list takes its tasks off the page, a restored task comes back", () => {
  const state = fresh();
  state.receive("task_deleted", { seq: 11, task: { id: "t1" } });
  state.receive("task_created", { seq: 12, task: task("t1") });
  assert.ok(state.tasks.has("t1"));
  state.receive("list_updated", { seq: 13, list: { ...list("todo"), archivedAt: "2026-01-01", version: 2 } });
  assert.deepEqual([state.lists.has("todo"), state.tasks.size], [false, 0]);
});
