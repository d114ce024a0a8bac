// Days, weeks and times of day of due dates. Pure; as app/deadlines/rules.py, by tests/support/due_cases.json.
// A day is a text like 2026-08-12; the time zone is an argument everywhere.
import { calendarDays } from "../lib/time.js";

export const BUCKETS = ["overdue", "today", "thisWeek", "later", "noDate"];
const DAY_MS = 86_400_000;
const END_OF_DAY_MS = DAY_MS - 60_000;
const SUNDAY_REGIONS = /-(US|CA|MX|BR|CO|PE|VE|JP|KR|TW|HK|IN|IL|ZA|PH|TH|ID|SA)\b/;
const zones = new Map();

/** Where an open task stands in My work. `weekStart`: 1 (Monday) to 7 (Sunday). */
export function bucketOf(dueAt, now, formats, weekStart) {
  if (!dueAt) return "noDate";
  const due = new Date(dueAt);
  if (due < now) return "overdue";
  if (calendarDays(due, now, formats) === 0) return "today";
  return formats.dayKey(due) < addDays(firstOfWeek(formats.dayKey(now), weekStart), 7) ? "thisWeek" : "later";
}

/** By the reader's languages; browsers that do not know it begin with Monday, but for where that is wrong for most. */
export function weekStartOf(language) {
  try {
    const locale = new Intl.Locale(language);
    const week = locale.getWeekInfo?.() ?? locale.weekInfo;
    return week?.firstDay ?? (SUNDAY_REGIONS.test(locale.maximize().baseName) ? 7 : 1);
  } catch {
    return 1;
  }
}

const utcOf = (day) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (utc) => new Date(utc).toISOString().slice(0, 10);
export const addDays = (day, days) => dayOf(utcOf(day) + days * DAY_MS);
export const daysBetween = (from, to) => Math.round((utcOf(to) - utcOf(from)) / DAY_MS);

export function firstOfWeek(day, weekStart) {
  const weekday = new Date(utcOf(day)).getUTCDay() || 7;
  return addDays(day, -((weekday - weekStart + 7) % 7));
}

/** {day, ms since its midnight by the clock on the wall}. */
export function wallTime(date, zone) {
  const wall = Number(date) + offset(Number(date), zone);
  const day = dayOf(wall);
  return { day, ms: wall - utcOf(day) };
}

/** A time that this day skips is as much later as it skips, one that it has twice is the first. */
export function momentAt(day, ms, zone) {
  const wall = utcOf(day) + ms;
  const before = offset(wall - DAY_MS, zone);
  const first = wall - before;
  const there = offset(first, zone);
  if (there === before) return new Date(first);
  const second = wall - there;
  return new Date(offset(second, zone) === there ? second : first);
}

/** The same time of day, so many days later. */
export function shifted(iso, days, zone) {
  const { day, ms } = wallTime(new Date(iso), zone);
  return momentAt(addDays(day, days), ms, zone).toISOString();
}

/** Due that day, at no hour in particular. */
export const endOfDay = (day, zone) => momentAt(day, END_OF_DAY_MS, zone).toISOString();

export const isWholeDay = (iso, zone) => wallTime(new Date(iso), zone).ms >= END_OF_DAY_MS;

/** The zone a task's dates were set in, if this browser knows it; else the viewer's. */
export function zoneOf(task, own) {
  try {
    if (task.timeZone && partsIn(task.timeZone)) return task.timeZone;
  } catch { /* a name from another time or place */ }
  return own;
}

/** What saving a task means that is due so many days later: its start goes along. */
export function movedBy(task, days, own) {
  const zone = zoneOf(task, own);
  const changes = { dueAt: shifted(task.dueAt, days, zone) };
  if (task.startAt) changes.startAt = shifted(task.startAt, days, zone);
  if (!task.timeZone) changes.timeZone = own;
  return changes;
}

/** Milliseconds by which the clocks of a zone are ahead of UTC. */
function offset(time, zone) {
  const part = {};
  for (const { type, value } of partsIn(zone).formatToParts(time)) part[type] = Number(value);
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return wall - Math.floor(time / 1000) * 1000;
}

function partsIn(zone) {
  let parts = zones.get(zone);
  if (!parts) {
    parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    });
    zones.set(zone, parts);
  }
  return parts;
}
