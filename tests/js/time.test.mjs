import assert from "node:assert/strict";
import { test } from "node:test";
import { calendarDays, dayHeading, knownLocales, relativeTime, timeFormats } from "../../static/js/lib/time.js";

const berlin = timeFormats("en-US", "Europe/Berlin");
const at = (iso) => new Date(iso);
const ago = (then, now) => relativeTime(at(then), at(now), berlin);

test("last seen is said in the viewer's time zone and locale", () => {
  const moment = at("2025-08-10T10:34:00Z");
  assert.equal(berlin.seen(moment), "12:34 PM, Aug 10, 2025");
  assert.equal(timeFormats("en-US", "America/New_York").seen(moment), "6:34 AM, Aug 10, 2025");
  assert.equal(timeFormats("de-DE", "Europe/Berlin").seen(moment), "12:34, 10. Aug. 2025");
});

test("languages that are none leave the page its times", () => {
  assert.deepEqual(knownLocales(["en-US@posix", "de-DE", "", "xx-invalid-tag-zzzzzzzzzz"]), ["de-DE"]);
  assert.doesNotThrow(() => timeFormats(knownLocales(["C"])).seen(at("2025-08-10T10:34:00Z")));
});

test("the exact time has seconds and the zone", () => {
  assert.match(berlin.exact(at("2025-08-10T10:34:56Z")), /12:34:56 PM.*GMT\+2/);
});

test("relative times grow with the distance", () => {
  const now = "2025-08-10T18:00:00Z";
  assert.equal(ago("2025-08-10T18:00:30Z", now), "just now", "a clock slightly ahead says nothing odd");
  assert.equal(ago("2025-08-10T17:59:10Z", now), "just now");
  assert.equal(ago("2025-08-10T17:59:00Z", now), "1 min ago");
  assert.equal(ago("2025-08-10T17:00:01Z", now), "59 min ago");
  assert.equal(ago("2025-08-10T15:00:00Z", now), "3 h ago");
  assert.equal(ago("2025-08-05T15:00:00Z", now), "5 days ago");
  assert.equal(ago("2025-07-20T15:00:00Z", now), "3 weeks ago");
  assert.equal(ago("2025-05-10T15:00:00Z", now), "3 months ago");
  assert.equal(ago("2023-08-01T15:00:00Z", now), "2 years ago");
});

test("yesterday is a matter of the viewer's midnight, not of 24 hours", () => {
  assert.equal(ago("2025-08-09T10:00:00Z", "2025-08-10T09:00:00Z"), "yesterday");
  assert.equal(ago("2025-08-09T21:00:00Z", "2025-08-09T23:00:00Z"), "2 h ago", "over midnight, but only just");
  assert.equal(ago("2025-08-08T22:30:00Z", "2025-08-09T21:30:00Z"), "23 h ago", "00:30 and 23:30 of one day in Berlin");
});

test("days are counted right over the change to summer time", () => {
  assert.equal(calendarDays(at("2025-03-29T23:30:00Z"), at("2025-03-30T21:30:00Z"), berlin), 0, "a day of 23 hours");
  assert.equal(calendarDays(at("2025-03-29T12:00:00Z"), at("2025-03-31T12:00:00Z"), berlin), 2);
});

test("the timeline names today and yesterday", () => {
  const now = at("2025-08-10T18:00:00Z");
  assert.equal(dayHeading(at("2025-08-10T01:00:00Z"), now, berlin), "Today");
  assert.equal(dayHeading(at("2025-08-09T21:59:00Z"), now, berlin), "Yesterday");
  assert.equal(dayHeading(at("2025-08-06T12:00:00Z"), now, berlin), "Wed, Aug 6");
  assert.equal(dayHeading(at("2024-08-06T12:00:00Z"), now, berlin), "Aug 6, 2024");
});
