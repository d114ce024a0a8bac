import assert from "node:assert/strict";
import { test } from "node:test";
import { Comments, complete, decode, encode, matching, mentionAt } from "../../static/js/boards/comments_state.js";

const MAYA = { userId: "0198a0b0-0000-7000-8000-000000000001", name: "Maya Rahman" };
const MAY = { userId: "0198a0b0-0000-7000-8000-000000000002", name: "Maya" };
const JOSE = { userId: "0198a0b0-0000-7000-8000-000000000003", name: "José [Lead]" };
const PEOPLE = [MAYA, MAY, JOSE];
const comment = (id, minute, version = 1, body = "x") => ({ id, version, body, createdAt: `2026-03-04T10:0${minute}:00.000Z` });
const ids = (comments) => comments.sorted().map(({ id }) => id);

test("comments stand in the order of their time, each once, the newest version wins", () => {
  const comments = new Comments();
  for (const each of [comment("b", 2), comment("a", 1), comment("b", 2, 3, "third"), comment("b", 2, 2, "second")]) comments.put(each);
  assert.deepEqual(ids(comments), ["a", "b"]);
  assert.equal(comments.get("b").body, "third");
  assert.equal(comments.put(comment("b", 2, 3, "again")), false);
});

test("what was deleted does not come back by an answer that was on its way", () => {
  const comments = new Comments();
  comments.put(comment("a", 1));
  assert.equal(comments.drop("a"), true);
  assert.equal(comments.put(comment("a", 1, 2)), false);
  assert.deepEqual(ids(comments), []);
});

test("the newest page again leaves out what was deleted meanwhile and keeps what is older than it", () => {
  const comments = new Comments();
  for (const each of [comment("a", 1), comment("b", 2), comment("c", 3)]) comments.put(each);
  comments.renew([comment("d", 4), comment("b", 2)], false);
  assert.deepEqual(ids(comments), ["a", "b", "d"]);
  comments.renew([comment("d", 4)], true);
  assert.deepEqual(ids(comments), ["d"]);
});

test("a name is being typed behind an @ that begins a word", () => {
  assert.deepEqual(mentionAt("Hi @ma", 6), { start: 3, query: "ma" });
  assert.deepEqual(mentionAt("@", 1), { start: 0, query: "" });
  assert.deepEqual(mentionAt("(@maya r", 8), { start: 1, query: "maya r" });
  for (const [text, caret] of [["mail@maya", 9], ["@ma\nx", 5], ["no", 2], ["@ maya", 6], [`@${"x".repeat(50)}`, 51], ["@a  b", 5]]) {
    assert.equal(mentionAt(text, caret), null, text);
  }
});

test("people match by the beginning of their name or of a word of it, without accents", () => {
  const names = (query) => matching(PEOPLE, query).map(({ name }) => name);
  assert.deepEqual(names(""), ["José [Lead]", "Maya", "Maya Rahman"]);
  assert.deepEqual(names("jose"), ["José [Lead]"]);
  assert.deepEqual(names("rah"), ["Maya Rahman"]);
  assert.deepEqual(names("aya"), []);
});

test("choosing puts the whole name in, and one space", () => {
  assert.deepEqual(complete("Hi @ma there", 6, { start: 3 }, MAYA), { text: "Hi @Maya Rahman there", caret: 16 });
});

test("names become mentions, the longest first, and nothing inside a word does", () => {
  assert.equal(encode("@Maya Rahman, @Maya! x@Maya @Mayas", PEOPLE),
    `@[Maya Rahman](user:${MAYA.userId}), @[Maya](user:${MAY.userId})! x@Maya @Mayas`);
  assert.equal(encode("@José [Lead] $&", PEOPLE), `@[José  Lead ](user:${JOSE.userId}) $&`);
  const twin = { userId: "0198a0b0-0000-7000-8000-000000000009", name: "Maya" };
  assert.equal(encode("@Maya", [MAY, twin], new Map([["Maya", twin.userId]])), `@[Maya](user:${twin.userId})`);
  assert.equal(encode("@Maya", []), "@Maya");
});

test("what the server keeps is edited as it was typed", () => {
  const body = `@[Old name](user:${MAYA.userId.toUpperCase()}) and @[Gone](user:0198a0b0-0000-7000-8000-00000000000f)`;
  const { text, chosen } = decode(body, PEOPLE);
  assert.equal(text, "@Maya Rahman and @[Gone](user:0198a0b0-0000-7000-8000-00000000000f)");
  assert.deepEqual([...chosen], [["Maya Rahman", MAYA.userId]]);
  assert.equal(encode(text, PEOPLE, chosen), `@[Maya Rahman](user:${MAYA.userId}) and @[Gone](user:0198a0b0-0000-7000-8000-00000000000f)`);
});
