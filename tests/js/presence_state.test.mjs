import assert from "node:assert/strict";
import { test } from "node:test";
import { PresenceState } from "../../static/js/presence/state.js";

const person = (userId, status = "online") => ({ userId, name: userId, status });
const snapshot = (seq, ...members) => ({ kind: "snapshot", seq, members });
const delta = (seq, members = [], removed = []) => ({ kind: "delta", seq, members, removed });
const statusOf = (state, id) => state.members.get(id)?.status;

test("a snapshot replaces everybody and names all who have to be shown again", () => {
  const state = new PresenceState();
  state.receive(snapshot(1, person("a"), person("b")));
  const { changed, gap } = state.receive(snapshot(7, person("b", "idle"), person("c")));
  assert.deepEqual(changed.sort(), ["a", "b", "c"]);
  assert.equal(gap, false);
  assert.deepEqual([...state.members.keys()], ["b", "c"]);
});

test("deltas in order change only those they name", () => {
  const state = new PresenceState();
  state.receive(snapshot(3, person("a"), person("b")));
  assert.deepEqual(state.receive(delta(4, [person("a", "idle")])), { changed: ["a"], gap: false });
  assert.deepEqual(state.receive(delta(5, [], ["b"])), { changed: ["b"], gap: false });
  assert.equal(statusOf(state, "a"), "idle");
  assert.equal(state.members.has("b"), false);
});

test("deltas that come before the snapshot wait for it, and older ones are dropped", () => {
  const state = new PresenceState();
  assert.deepEqual(state.receive(delta(6, [person("a", "idle")])), { changed: [], gap: false });
  state.receive(delta(5, [person("a", "busy")]));
  state.receive(delta(4, [person("a", "offline")]));
  const { gap } = state.receive(snapshot(4, person("a")));
  assert.equal(gap, false);
  assert.equal(statusOf(state, "a"), "idle");
  assert.equal(state.isLive, true);
});

test("a delta heard twice is applied once", () => {
  const state = new PresenceState();
  state.receive(snapshot(1, person("a")));
  state.receive(delta(2, [person("a", "idle")]));
  state.receive(delta(3, [person("a", "online")]));
  assert.deepEqual(state.receive(delta(2, [person("a", "idle")])), { changed: [], gap: false });
  assert.equal(statusOf(state, "a"), "online");
});

test("a hole in the numbers asks for a new snapshot once and keeps what came after", () => {
  const state = new PresenceState();
  state.receive(snapshot(1, person("a")));
  assert.equal(state.receive(delta(3, [person("a", "idle")])).gap, true);
  assert.equal(state.receive(delta(4, [person("a", "busy")])).gap, false);
  assert.equal(state.isLive, false);
  assert.equal(state.receive(snapshot(2, person("a"))).gap, false);
  assert.equal(statusOf(state, "a"), "busy");
});

test("a snapshot that still leaves a hole asks again", () => {
  const state = new PresenceState();
  state.receive(delta(9, [person("a", "idle")]));
  assert.equal(state.receive(snapshot(5, person("a"))).gap, true);
  assert.equal(state.isLive, false);
});

test("after a restart of the server the numbers may begin anew", () => {
  const state = new PresenceState();
  state.receive(snapshot(500, person("a")));
  state.awaitSnapshot();
  assert.equal(statusOf(state, "a"), "online", "people stay on the page meanwhile");
  state.receive(snapshot(1, person("a", "offline")));
  state.receive(delta(2, [person("a", "online")]));
  assert.equal(statusOf(state, "a"), "online");
});
