import assert from "node:assert/strict";
import { test } from "node:test";
import { reconnectDelay } from "../../static/js/lib/backoff.js";
import { Connection } from "../../static/js/lib/connection.js";
import { FakeClock, FakeSocket } from "./fakes.mjs";

const settle = () => new Promise((resolve) => setImmediate(resolve));

function connection({ session = async () => ({ authenticated: true }), random = () => 0.5 } = {}) {
  const [socket, clock, states, ended] = [new FakeSocket(), new FakeClock(), [], []];
  const it = new Connection(socket, {
    refreshSession: session, random, timers: clock,
    onState: ({ name }) => states.push(name), onSessionEnded: () => ended.push(true),
  });
  return { it, socket, clock, states, ended };
}

test("attempts are spread under 5, 10, 20, 40, 60 and 60 seconds", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 20].map((attempt) => reconnectDelay(attempt, () => 1)), [5, 10, 20, 40, 60, 60]);
  assert.equal(reconnectDelay(3, () => 0), 0);
});

test("a lost connection waits, refreshes the session and connects again", async () => {
  const { it, socket, clock, states } = connection();
  it.start();
  socket.happens("connect");
  socket.happens("disconnect");
  assert.deepEqual(clock.delays(), [2_500]);
  clock.advance(2_500);
  await settle();
  assert.equal(socket.connects, 2);
  socket.happens("connect");
  assert.deepEqual(states, ["connecting", "connected", "waiting", "connecting", "connected"]);
});

test("waits grow while the server stays away and begin anew after success", async () => {
  let online = false;
  const { it, socket, clock } = connection({ session: async () => { if (!online) throw new Error("away"); return { authenticated: true }; } });
  it.start();
  socket.happens("connect_error", new Error("refused"));
  const waits = [];
  for (let i = 0; i < 5; i++) {
    waits.push(clock.delays()[0]);
    clock.advance(clock.delays()[0]);
    await settle();
  }
  assert.deepEqual(waits, [2_500, 5_000, 10_000, 20_000, 30_000]);
  online = true;
  it.retryNow();
  await settle();
  socket.happens("connect");
  socket.happens("disconnect");
  assert.deepEqual(clock.delays(), [2_500]);
});

test("a full house names the least wait", () => {
  const { it, socket, clock } = connection();
  it.start();
  socket.happens("connect_error", { data: { retryAfter: 12 } });
  assert.deepEqual(clock.delays(), [12_000]);
});

test("an ended session leads away instead of round in circles", async () => {
  const { it, socket, clock, ended } = connection({ session: async () => ({ authenticated: false }) });
  it.start();
  socket.happens("disconnect");
  clock.advance(5_000);
  await settle();
  assert.equal(ended.length, 1);
  assert.equal(socket.connects, 1);
});

test("leaving on purpose does not reconnect", async () => {
  const { it, socket, clock } = connection();
  it.start();
  socket.happens("connect");
  it.stop();
  socket.happens("disconnect");
  clock.advance(120_000);
  await settle();
  assert.equal(socket.connects, 1);
});
