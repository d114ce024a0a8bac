import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Pace, addressQuery, apiQuery, badgesOf, correctionWords, dayWords, daysOf, deletionState, deletionWords, momentOf, secondsNow, seenWords,
  sessionBadges, spokenHours, timesWords, zoneFormats,
} from "../../static/js/attendance/state.js";

const berlin = zoneFormats("Europe/Berlin");
const NOON = Date.parse("2026-03-04T12:00:00Z");

test("hours are said as the server says them", () => {
  const said = [0, 29, 30, 28_799, 112_800, 3_600_018, -5].map(spokenHours);
  assert.deepEqual(said, ["0 h 00 min", "0 h 00 min", "0 h 01 min", "8 h 00 min", "31 h 20 min", "1000 h 00 min", "0 h 00 min"]);
});

test("what goes on grows, what has ended does not", () => {
  assert.equal(secondsNow({ seconds: 60, active: 1 }, NOON, NOON + 61_500), 121);
  assert.equal(secondsNow({ seconds: 60, active: 0 }, NOON, NOON + 61_500), 60);
  assert.equal(secondsNow({ seconds: 60, active: 1 }, NOON, NOON - 5000), 60);
});

test("times and days are those of the organization", () => {
  assert.equal(timesWords({ clockInAt: "2026-03-04T08:58:00Z", clockOutAt: null }, berlin), "09:58 – now");
  assert.equal(timesWords({ clockInAt: "2026-03-04T23:30:00Z", clockOutAt: "2026-03-05T05:00:00Z" }, berlin), "00:30 – 06:00");
  assert.equal(timesWords({ clockInAt: "2026-03-04T21:00:00Z", clockOutAt: "2026-03-05T05:00:00Z" }, berlin), "22:00 – 06:00, Mar 5, 2026");
  assert.equal(dayWords("2026-11-20"), "Nov 20, 2026");
});

test("a time on the wall leads back to its moment, also around changes of the clocks", () => {
  for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]) {
    const formats = zoneFormats(zone);
    for (const moment of ["2026-03-28T23:00:05.000Z", "2026-03-29T00:59:00.000Z", "2026-03-29T01:01:00.000Z", "2026-07-01T12:00:00.000Z", "2026-10-25T04:00:00.000Z"]) {
      assert.equal(momentOf(formats.wall(new Date(moment)), formats), moment, `${zone} ${moment}`);
    }
  }
  assert.equal(momentOf("2026-10-25T02:30", berlin), "2026-10-25T00:30:00.000Z", "of an hour that comes twice the first");
  assert.ok(momentOf("2026-03-29T02:30", berlin), "an hour that is skipped is some moment");
  assert.equal(momentOf("", berlin), null);
});

test("ranges end today, and a range of one's own is put in order", () => {
  assert.deepEqual(daysOf({ range: "today" }, "2026-03-01"), { from: "2026-03-01", to: "2026-03-01" });
  assert.deepEqual(daysOf({ range: "7" }, "2026-03-01"), { from: "2026-02-23", to: "2026-03-01" });
  assert.deepEqual(daysOf({ range: "custom", from: "2026-03-05", to: "2026-03-01" }, ""), { from: "2026-03-01", to: "2026-03-05" });
});

test("filters become a question to the server and an address", () => {
  const filters = { search: "a&b", status: "active", range: "custom", from: "2026-03-01", to: "2026-03-05" };
  const asked = new URLSearchParams(apiQuery(filters, { organizationId: "o", today: "2026-03-09" }, { limit: 1 }));
  assert.deepEqual(Object.fromEntries(asked), { organizationId: "o", from: "2026-03-01", to: "2026-03-05", status: "active", search: "a&b", limit: "1" });
  assert.equal(addressQuery(filters), "?q=a%26b&status=active&range=custom&from=2026-03-01&to=2026-03-05");
  assert.equal(addressQuery({ search: "", status: "", range: "7" }), "");
  assert.equal(addressQuery({ search: "", status: "", range: "30" }, "o"), "?organization=o&range=30");
});

test("badges say what is unusual", () => {
  assert.deepEqual(badgesOf({ active: 1, closedAutomatically: 2, corrected: 1 }).map(({ word }) => word), ["ACTIVE", "2 closed automatically", "1 corrected"]);
  assert.deepEqual(badgesOf({}), []);
  const session = { status: "COMPLETED", closedAutomatically: true, corrections: [{}], isLocked: true };
  assert.deepEqual(sessionBadges(session).map(({ word }) => word), ["COMPLETED", "closed automatically", "corrected", "closed period"]);
});

test("a correction tells what was, who and why", () => {
  const correction = {
    clockInAt: "2026-03-04T08:00:00Z", clockOutAt: "2026-03-04T20:00:00Z", closedAutomatically: true,
    correctedBy: "Adam", correctedAt: "2026-03-05T08:00:00Z", reason: "Left at five",
  };
  assert.equal(correctionWords(correction, berlin), "Was 09:00 – 21:00, closed automatically. Adam, Mar 5, 2026 09:00: Left at five");
});

test("whoever hides looks like whoever is away", () => {
  const person = { clockInAt: "2026-03-04T08:00:00Z" };
  const away = { status: "offline", lastSeen: "2026-03-04T11:00:00Z" };
  assert.deepEqual(seenWords(person, away, NOON, berlin), seenWords(person, null, NOON, berlin));
  assert.deepEqual(seenWords(person, null, NOON, berlin), { word: "since 09:00", dot: "" });
  const seen = (lastSeen, status = "online") => seenWords(person, { status, lastSeen }, NOON, berlin).word;
  assert.equal(seen("2026-03-04T11:59:30Z"), "now");
  assert.equal(seen("2026-03-04T11:57:00Z"), "seen 3 min ago");
  assert.equal(seen("2026-03-04T09:57:00Z"), "seen 2 h ago");
  assert.equal(seen(null, "busy"), "busy");
});

test("a deletion says how much it is, and when it cannot be", () => {
  const days = { from: "2026-03-01", to: "2026-03-05" };
  assert.match(deletionWords({ sessions: 12, locked: 0, active: 1 }, { search: "maya" }, days), /^12 sessions found by “maya”, Mar 1, 2026 to Mar 5, 2026\. 1 session still active stays\. You can undo/);
  assert.match(deletionWords({ sessions: 2, locked: 1, active: 0 }, { search: "" }, days), /1 session of them lies in a closed period/);
});

test("news are gathered for a moment and followed at a pace", () => {
  let now = 0;
  const waits = [];
  let runs = 0;
  let run = null;
  const timers = { setTimeout: (todo, ms) => { waits.push(ms); run = todo; return 1; } };
  const pace = new Pace(() => { runs += 1; }, { settleMs: 2000, paceMs: 5000, clock: () => now, timers });
  pace.ask();
  pace.ask();
  now = 2000;
  run();
  pace.ask();
  assert.deepEqual([waits, runs], [[2000, 5000], 1]);
});

test("a deletion says how far it is, and when it can be taken back", () => {
  const words = (state, done = 0, sessions = 1_000_000) => deletionState({ state, done, sessions });
  assert.deepEqual(words("deleting", 340_000), { words: "Deleting 1,000,000 sessions: 34 %.", canUndo: true, isWorking: true });
  assert.match(words("deleted", 1, 1).words, /^1 session was deleted\. You can take that back/);
  assert.deepEqual([words("restoring").canUndo, words("restoring").isWorking], [false, true]);
  assert.equal(words("undone").isWorking, false);
});
