// One's own attendance: the running total of today, and the days before.
import { toast } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { hearServerTime, now } from "../lib/clock.js";
import { byId, setText } from "../lib/dom.js";
import { startSessionHeartbeat } from "../presence/session_heartbeat.js";
import { Filters } from "./filters.js";
import { apiQuery, secondsNow, spokenHours, zoneFormats } from "./state.js";
import { Tree } from "./tree.js";

const AGAIN_MS = 15_000;

const begin = JSON.parse(byId("attendance-data").textContent);
hearServerTime(begin.countedAt);
const formats = zoneFormats(begin.timeZone);
const filters = new Filters(begin, () => reload());
const tree = new Tree(byId("tree"), begin, formats, {
  filters: () => filters.values,
  onCorrect: null,
  onError: (error) => toast(error.message),
});
let days = begin.days;
let cursor = begin.nextCursor;
let round = 0;

byId("tree-more").firstElementChild.addEventListener("click", () => load({ cursor }));
show(begin.countedAt);
keepLink();
sayToday();
setInterval(sayToday, AGAIN_MS);
startSessionHeartbeat();

function reload() {
  days = [];
  byId("tree").replaceChildren();
  keepLink();
  return load({});
}

async function load(more) {
  const mine = ++round;
  try {
    const answer = await api.get(`/api/attendance/days?${apiQuery(filters.values, begin, { limit: 100, ...more })}`);
    if (mine !== round) return;
    days = [...days, ...answer.items];
    cursor = answer.nextCursor;
    show(answer.countedAt);
  } catch (error) {
    if (mine === round) toast(error.message);
  }
}

function show(countedAt) {
  tree.showDays(byId("tree"), days, null, countedAt);
  byId("tree-more").hidden = cursor === null;
  byId("tree-none").hidden = days.length > 0;
}

function sayToday() {
  const { seconds, since } = begin.running;
  const active = since ? 1 : 0;
  setText(byId("today-hours"), spokenHours(secondsNow({ seconds, active }, Date.parse(begin.countedAt), now())));
  setText(byId("today-since"), since ? `Clocked in since ${formats.clock(new Date(since))}` : "Not clocked in");
}

function keepLink() {
  byId("export-xlsx").href = `/api/attendance/export.xlsx?${apiQuery(filters.values, begin)}`;
}
