import assert from "node:assert/strict";
import { test } from "node:test";
import { localTime } from "../../static/js/people/local_time.js";

const AUGUST = Date.parse("2025-08-10T12:05:00Z");
const said = (zone, viewerZone, now = AUGUST) => localTime(zone, now, { locales: "en-GB", viewerZone });

test("another zone's time is told with how far it is from the viewer's", () => {
  assert.equal(said("Europe/Berlin", "Europe/London"), "14:05 for them, 1 h ahead of you");
  assert.equal(said("America/New_York", "Europe/London"), "8:05 for them, 5 h behind you");
  assert.equal(said("Asia/Kathmandu", "UTC"), "17:50 for them, 5 h 45 min ahead of you");
  assert.equal(said("Australia/Lord_Howe", "Australia/Sydney"), "22:35 for them, 30 min ahead of you");
});

test("the weekday is named where it is another one there", () => {
  assert.equal(said("Pacific/Kiritimati", "America/Los_Angeles"), "Mon 2:05 for them, 21 h ahead of you");
  assert.equal(said("America/Los_Angeles", "Asia/Tokyo", Date.parse("2025-08-10T23:00:00Z")), "Sun 16:00 for them, 16 h behind you");
});

test("the same time is said to be the same, also under another name, and follows daylight saving", () => {
  assert.equal(said("Europe/Paris", "Europe/Berlin"), "14:05, the same as yours");
  assert.equal(said("Africa/Lagos", "Europe/Berlin"), "13:05 for them, 1 h behind you");
  assert.equal(said("Africa/Lagos", "Europe/Berlin", Date.parse("2025-12-10T12:05:00Z")), "13:05, the same as yours");
});

test("a zone that the browser does not know is left out", () => {
  assert.equal(said("Mars/Olympus", "UTC"), null);
});
