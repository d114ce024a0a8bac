import assert from "node:assert/strict";
import { test } from "node:test";
import { ActivityTracker } from "../../static/js/presence/activity.js";
import { deviceKind } from "../../static/js/presence/device.js";
import { FakeClock } from "./fakes.mjs";

function tracker(idleSeconds = 300, heartbeatSeconds = 120) {
  const clock = new FakeClock();
  const reports = [];
  const it = new ActivityTracker({ clock, idleSeconds, heartbeatSeconds, report: ({ active, visible }) => reports.push(`${active}/${visible}`) });
  return { it, clock, reports };
}

test("no input for the idle time is told once, the first input after it at once", () => {
  const { it, clock, reports } = tracker();
  clock.advance(299_000);
  assert.deepEqual(reports, []);
  clock.advance(2_000);
  assert.deepEqual(reports, ["false/true"]);
  clock.advance(3_600_000);
  assert.equal(reports.length, 1);
  it.input();
  assert.deepEqual(reports, ["false/true", "true/true"]);
});

test("steady input is told as a heartbeat, not key by key", () => {
  const { it, clock, reports } = tracker();
  for (let second = 0; second < 600; second++) { it.input(); clock.advance(1_000); }
  assert.equal(reports.length, 5);
  assert.ok(reports.every((report) => report === "true/true"));
});

test("without input there is no heartbeat, so that nobody seems to have been active longer", () => {
  const { it, clock, reports } = tracker();
  clock.advance(1_500);
  it.input();
  clock.advance(119_000);
  assert.deepEqual(reports, ["true/true"]);
  clock.advance(150_000);
  assert.deepEqual(reports, ["true/true"]);
});

test("thresholds of a second or two work, and new ones take effect", () => {
  const { it, clock, reports } = tracker();
  it.setThresholds({ idleSeconds: 2, heartbeatSeconds: 1 });
  for (let i = 0; i < 10; i++) { clock.advance(500); it.input(); }
  assert.ok(reports.length >= 4 && !reports.includes("false/true"));
  clock.advance(2_100);
  assert.equal(reports.at(-1), "false/true");
});

test("hiding and showing the page are told at once, and showing it is a sign of life", () => {
  const { it, clock, reports } = tracker();
  it.setVisible(false);
  clock.advance(301_000);
  it.setVisible(true);
  assert.deepEqual(reports, ["true/false", "false/false", "true/true"]);
});

test("after the machine has slept the page knows that nobody was there", () => {
  const { it, clock, reports } = tracker();
  clock.sleep(3_600_000);
  assert.equal(it.isActive, false);
  it.reportNow();
  assert.deepEqual(reports, ["false/true"]);
});

test("a change that the server ignored is told again, once, as it is then", () => {
  const { it, clock, reports } = tracker();
  it.heard({ ok: true, status: "online" });
  it.setVisible(false);
  it.heard({ ok: true, status: "online", ignored: true, retryAfter: 1 });
  it.setVisible(true);
  it.heard({ ok: true, status: "online", ignored: true, retryAfter: 2 });
  it.setVisible(false);
  clock.advance(1_900);
  assert.deepEqual(reports, ["true/false", "true/true", "true/false"]);
  clock.advance(200);
  assert.deepEqual(reports.slice(3), ["true/false"]);
});

test("devices are told apart by the pointer and the shorter side", () => {
  assert.equal(deviceKind({ uaMobile: true, coarsePointer: true, shorterSide: 390 }), "mobile");
  assert.equal(deviceKind({ uaMobile: false, coarsePointer: true, shorterSide: 390 }), "mobile");
  assert.equal(deviceKind({ uaMobile: false, coarsePointer: true, shorterSide: 820 }), "tablet");
  assert.equal(deviceKind({ uaMobile: false, coarsePointer: false, shorterSide: 400 }), "desktop");
});
