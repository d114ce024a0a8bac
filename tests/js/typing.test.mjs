import assert from "node:assert/strict";
import { test } from "node:test";
import { TypingHints, TypingReporter, typingText } from "../../static/js/boards/typing.js";
import { FakeClock } from "./fakes.mjs";

const maya = { userId: "m", name: "Maya Rahman", taskId: "t1" };

test("the hint names those who type in this task", () => {
  const hints = new TypingHints(5_000);
  assert.deepEqual(hints.hear(maya, 0), ["t1"]);
  hints.hear({ userId: "o", name: "Omar Khalil", taskId: "t1" }, 0);
  assert.equal(hints.textFor("t1"), "Maya and Omar are typing…");
  assert.equal(hints.textFor("t2"), "");
  assert.equal(typingText(["A B", "C D", "E F"]), "3 people are typing…");
});

test("whoever goes on in another task leaves the first", () => {
  const hints = new TypingHints(5_000);
  hints.hear(maya, 0);
  assert.deepEqual(hints.hear({ ...maya, taskId: "t2" }, 10), ["t1", "t2"]);
  assert.equal(hints.textFor("t1"), "");
});

test("the hint ends by itself five seconds after the last news", () => {
  const hints = new TypingHints(5_000);
  hints.hear(maya, 0);
  hints.hear(maya, 3_000);
  assert.deepEqual(hints.expire(7_999), []);
  assert.deepEqual(hints.expire(8_000), ["t1"]);
  assert.ok(hints.isEmpty);
});

const reporter = () => {
  const clock = new FakeClock();
  const sent = [];
  const typing = new TypingReporter({ send: (id) => sent.push(id), stop: () => sent.push("stop"), clock, lifeMs: 6_000 });
  return { clock, sent, typing };
};

test("the first key is told at once, a stream of keys only now and then", () => {
  const { clock, sent, typing } = reporter();
  for (let i = 0; i < 50; i++) { typing.key("t1"); clock.advance(100); }
  assert.deepEqual(sent, ["t1", "t1", "t1"]);
});

test("the last keys of a burst are told too", () => {
  const { clock, sent, typing } = reporter();
  typing.key("t1");
  clock.advance(500);
  typing.key("t1");
  clock.advance(1_500);
  assert.deepEqual(sent, ["t1", "t1"]);
  clock.advance(60_000);
  assert.deepEqual(sent, ["t1", "t1"], "and then it is quiet");
});

test("another task is told at once, and the end once", () => {
  const { sent, typing } = reporter();
  typing.key("t1");
  typing.key("t2");
  typing.end();
  typing.end();
  assert.deepEqual(sent, ["t1", "t2", "stop"]);
});
