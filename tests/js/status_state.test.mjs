import assert from "node:assert/strict";
import { test } from "node:test";
import { backTime, timeFormats, untilTime } from "../../static/js/lib/time.js";
import { nextExpiry, ownWords, stillTrue, untilChoices, untilMoment } from "../../static/js/presence/status_state.js";

const formats = timeFormats("en-US");
const NOW = new Date(2025, 7, 10, 14, 5).getTime(); // a Sunday, in whatever zone the test runs
const local = (day, hours, minutes = 0) => new Date(2025, 7, day, hours, minutes);
const nothing = { status: "online", statusUntil: null, customStatus: null, customEmoji: null, customStatusUntil: null };

test("an end is said as a time today, as tomorrow, or with its day", () => {
  assert.equal(untilTime(local(10, 15), NOW, formats), "3:00 PM");
  assert.equal(untilTime(local(11, 9), NOW, formats), "tomorrow at 9:00 AM");
  assert.equal(untilTime(local(13, 9), NOW, formats), "Wed, Aug 13 at 9:00 AM");
  assert.equal(backTime(local(10, 15), NOW, formats), "at 3:00 PM");
  assert.equal(backTime(local(11, 9), NOW, formats), "tomorrow at 9:00 AM");
  const berlin = timeFormats("de-DE", "Europe/Berlin");
  assert.equal(untilTime(new Date("2025-08-10T13:00:00Z"), Date.parse("2025-08-10T12:05:00Z"), berlin), "15:00");
});

test("choices become moments", () => {
  assert.equal(untilMoment("keep", NOW), undefined);
  assert.equal(untilMoment("never", NOW), null);
  assert.equal(untilMoment("30m", NOW), local(10, 14, 35).toISOString());
  assert.equal(untilMoment("1h", NOW), local(10, 15, 5).toISOString());
  assert.equal(untilMoment("4h", NOW), local(10, 18, 5).toISOString());
  assert.equal(untilMoment("tomorrow", NOW), local(11, 9).toISOString());
  assert.equal(untilMoment("time", NOW, "14:30"), local(10, 14, 30).toISOString());
});

test("tomorrow is the next day of the calendar, before and after nine", () => {
  assert.equal(untilMoment("tomorrow", local(10, 1).getTime()), local(11, 9).toISOString());
  assert.equal(untilMoment("tomorrow", local(10, 23, 59).getTime()), local(11, 9).toISOString());
  assert.equal(untilMoment("tomorrow", local(31, 12).getTime()), new Date(2025, 8, 1, 9).toISOString());
});

test("a time that is over today, or none, is no moment", () => {
  for (const time of ["14:05", "14:04", "00:00", "", "x"]) assert.ok(Number.isNaN(untilMoment("time", NOW, time)), time);
});

test("an end that holds already is offered first, to be kept", () => {
  const choices = untilChoices(local(10, 15).toISOString(), NOW, formats);
  assert.deepEqual(choices[0], { value: "keep", text: "Until 3:00 PM" });
  assert.deepEqual(untilChoices(null, NOW, formats).map(({ value }) => value), ["never", "30m", "1h", "4h", "tomorrow", "time"]);
  assert.equal(choices.find(({ value }) => value === "tomorrow").text, "Until tomorrow at 9:00 AM");
});

test("one's own status in words", () => {
  assert.equal(ownWords(nothing, NOW, formats), "Online");
  const busy = { ...nothing, status: "busy", statusUntil: local(10, 15).toISOString(), customEmoji: "🎧", customStatus: "Focus" };
  assert.equal(ownWords(busy, NOW, formats), "Busy until 3:00 PM · 🎧 Focus");
  assert.equal(ownWords({ ...nothing, status: "away", customEmoji: "☕" }, NOW, formats), "Away · ☕");
});

test("what has expired is over also where nobody tells", () => {
  const until = local(10, 15).toISOString();
  const busy = { ...nothing, status: "busy", statusUntil: until, customStatus: "Focus" };
  assert.deepEqual(stillTrue(busy, NOW), busy);
  assert.deepEqual(stillTrue(busy, Date.parse(until)), { ...nothing, customStatus: "Focus" });
  const words = { ...nothing, status: "away", customStatus: "Lunch", customEmoji: "🍕", customStatusUntil: until };
  assert.deepEqual(stillTrue(words, Date.parse(until)), { ...nothing, status: "away" });
});

test("the next end is waited for", () => {
  assert.equal(nextExpiry(nothing, NOW), null);
  const ends = { statusUntil: local(10, 15).toISOString(), customStatusUntil: local(10, 14, 6).toISOString() };
  assert.equal(nextExpiry(ends, NOW), 60_000);
  assert.equal(nextExpiry(ends, NOW + 3_600_000), 0);
});
