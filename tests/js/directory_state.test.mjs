import assert from "node:assert/strict";
import { test } from "node:test";
import { Directory, MOST_WATCHED, aboutOf, describePresence, roleOf, tagOf } from "../../static/js/people/state.js";

const person = (userId, more = {}) => ({
  userId, name: userId, avatarUrl: null, email: `${userId}@test.example`, organizations: ["Acme"], roles: ["member"],
  sharedBoards: [], timeZone: "UTC", isGuest: false, ...more,
});
const presence = (userId, status, more = {}) => ({
  userId, status, lastSeen: null, currentPage: null, isTyping: false, device: null, customStatus: null, customEmoji: null, ...more,
});
const directoryOf = (...ids) => {
  const directory = new Directory();
  directory.add(ids.map((id) => person(id)));
  return directory;
};
const many = (count) => Array.from({ length: count }, (_, place) => `p${place}`);

test("a page adds those who are new and renews the others in their place", () => {
  const directory = directoryOf("a", "b");
  assert.deepEqual(directory.add([person("b", { name: "Bea" }), person("c")]).map(({ userId }) => userId), ["c"]);
  assert.deepEqual([...directory.people.keys()], ["a", "b", "c"]);
  assert.equal(directory.people.get("b").name, "Bea");
});

test("only who looks different is shown again", () => {
  const directory = directoryOf("a", "b");
  assert.deepEqual([...directory.hear([presence("a", "online"), presence("b", "offline")])], ["a", "b"]);
  assert.deepEqual([...directory.hear([presence("a", "online"), presence("b", "busy")])], ["b"]);
  assert.deepEqual([...directory.hear([presence("a", "online", { isTyping: true })])], ["a"]);
});

test("who was asked for and not told of is known no more", () => {
  const directory = directoryOf("a", "b");
  directory.hear([presence("a", "online"), presence("b", "online")]);
  assert.deepEqual([...directory.hear([presence("a", "online")], ["a", "b", "never known"])], ["b"]);
  assert.equal(directory.statusOf("b"), null);
  assert.equal(directory.counts().online, 1);
});

test("counts speak of the people loaded whose status may be known", () => {
  const directory = directoryOf("a", "b", "c", "d");
  directory.hear([presence("a", "online"), presence("b", "online"), presence("c", "away"), presence("elsewhere", "busy")]);
  assert.deepEqual(directory.counts(), { online: 2, busy: 0, away: 1, idle: 0, offline: 0 });
});

test("a status filter shows those with that status, none shows everybody", () => {
  const directory = directoryOf("a", "b", "c");
  directory.hear([presence("a", "online"), presence("b", "offline")]);
  const shown = (status) => ["a", "b", "c"].filter((id) => directory.isShown(id, status));
  assert.deepEqual(shown(""), ["a", "b", "c"]);
  assert.deepEqual(shown("online"), ["a"]);
  assert.deepEqual(shown("offline"), ["b"]);
});

test("everybody is watched while the server takes so many, else those around the ones in sight", () => {
  assert.equal(directoryOf(...many(MOST_WATCHED)).watched(new Set()).length, MOST_WATCHED);
  const directory = directoryOf(...many(1_000));
  const watched = (...inSight) => directory.watched(new Set(inSight));
  for (const [inSight, first] of [[[], "p0"], [["p0", "p20"], "p0"], [["p500", "p520"], "p410"], [["p999"], "p800"]]) {
    assert.equal(watched(...inSight).length, MOST_WATCHED);
    assert.equal(watched(...inSight)[0], first);
    for (const id of inSight) assert.ok(watched(...inSight).includes(id));
  }
});

test("whose profile is open is watched and asked for, on the list or not", () => {
  const directory = directoryOf(...many(1_000));
  for (const opened of ["p900", "another"]) {
    const watched = directory.watched(new Set(["p0"]), opened);
    assert.ok(watched.includes(opened));
    assert.equal(watched.length, MOST_WATCHED);
    assert.ok(directory.everybody(opened).includes(opened));
  }
  assert.equal(directory.everybody("p900").length, 1_000);
});

test("presence is said as a word, with the time that belongs to it", () => {
  const said = (status, more, options) => {
    const { word, dot, seen } = describePresence(presence("a", status, more), options);
    return `${dot}|${word}|${seen === undefined ? "no time" : "time"}`;
  };
  assert.equal(said("online"), "online|Online|no time");
  assert.equal(said("online", { currentPage: "Boards" }), "online|Online · Boards|no time");
  assert.equal(said("online", { currentPage: "Boards" }, { withPage: false }), "online|Online|no time");
  assert.equal(said("busy", { isTyping: true }), "typing|Busy · typing|no time");
  assert.equal(said("idle", { lastSeen: "x" }), "idle|Idle · active |time");
  assert.equal(said("idle"), "idle|Idle|no time");
  assert.equal(said("offline", { lastSeen: "x" }), "offline|Offline · last seen |time");
  assert.equal(said("offline"), "offline|Offline|no time");
  assert.deepEqual(describePresence(undefined), { word: "", dot: "" });
});

test("a person is told apart by where they belong", () => {
  assert.equal(tagOf(person("a"), "a"), "you");
  assert.equal(tagOf(person("a"), "me"), "");
  assert.equal(tagOf(person("a", { isGuest: true, email: null, organizations: [] }), "me"), "guest");
  assert.equal(tagOf(person("a", { email: null }), "me"), "Acme");
  assert.equal(aboutOf(person("a")), "a@test.example");
  const boards = [{ id: "1", name: "Launch" }, { id: "2", name: "Party" }];
  assert.equal(aboutOf(person("a", { email: null, sharedBoards: boards })), "on Launch, Party");
  assert.equal(roleOf(person("a", { organizations: ["Acme", "Birch"], roles: ["owner", "member"] })), "Owner of Acme · Member of Birch");
  assert.equal(roleOf(person("a", { isGuest: true })), "Guest");
});
