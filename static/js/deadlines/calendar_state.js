// What the calendar of a board shows: which days, and on which of them each task stands. Pure.
import { addDays, daysBetween, firstOfWeek } from "./rules.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const FIRST_DAY = "1970-01-01";
const LAST_DAY = "2199-12-31";

/** {view, on} as an address says it; whatever it does not say well is month and today. */
export function readAddress(search, today) {
  const query = new URLSearchParams(search);
  const on = query.get("on") ?? "";
  const isDay = DAY.test(on) && !Number.isNaN(Date.parse(on)) && addDays(on, 0) === on && on >= FIRST_DAY && on <= LAST_DAY;
  return { view: query.get("view") === "week" ? "week" : "month", on: isDay ? on : today };
}

export const addressOf = ({ view, on }) => `?view=${view}&on=${on}`;

/** The address one step back (-1) or on (1). A month of fewer days ends earlier. */
export function stepped({ view, on }, step) {
  if (view === "week") return { view, on: addDays(on, 7 * step) };
  const [year, month, day] = on.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + step + 1, 0));
  const target = new Date(Date.UTC(year, month - 1 + step, Math.min(day, last.getUTCDate())));
  return { view, on: target.toISOString().slice(0, 10) };
}

/** Weeks of seven days each: the one of the day, or all that its month touches. */
export function weeksOf({ view, on }, weekStart) {
  const week = (first) => Array.from({ length: 7 }, (_, index) => addDays(first, index));
  if (view === "week") return [week(firstOfWeek(on, weekStart))];
  const month = on.slice(0, 7);
  const weeks = [];
  let first = firstOfWeek(`${month}-01`, weekStart);
  do {
    weeks.push(week(first));
    first = addDays(first, 7);
  } while (first.slice(0, 7) <= month);
  return weeks;
}

/** First and last day of a task that has a due date; without a start, or with one that is later, both are the due day. */
export function spanOf(task, dayKey) {
  const last = dayKey(new Date(task.dueAt));
  const first = task.startAt ? dayKey(new Date(task.startAt)) : last;
  return { task, first: first > last ? last : first, last };
}

/** {dated: spans by time, undated: tasks by title} of what is on the board. */
export function sortTasks(tasks, dayKey) {
  const dated = [];
  const undated = [];
  for (const task of tasks) {
    if (task.archivedAt) continue;
    if (task.dueAt) dated.push(spanOf(task, dayKey));
    else if (!task.completedAt) undated.push(task);
  }
  dated.sort((a, b) => compare(a.task.dueAt, b.task.dueAt) || compare(a.task.id, b.task.id));
  undated.sort((a, b) => a.title.localeCompare(b.title) || compare(a.id, b.id));
  return { dated, undated };
}

/**
 * How a week looks: `bars` lie over several days, each in a lane in which no other is ({task, from, to, lane, begins,
 * ends}; from and to are places in the week); `days` has the tasks of one day only, by day; `lanes` is how many.
 */
export function layOutWeek(days, dated) {
  const [monday, sunday] = [days[0], days.at(-1)];
  const here = dated.filter(({ first, last }) => first <= sunday && last >= monday);
  const singles = new Map(days.map((day) => [day, []]));
  const bars = [];
  for (const span of here) {
    if (span.first === span.last) singles.get(span.last).push(span.task);
    else bars.push(barOf(span, monday, sunday));
  }
  bars.sort((a, b) => a.from - b.from || (b.to - b.from) - (a.to - a.from));
  const ends = []; // of each lane: the last place taken
  for (const bar of bars) {
    const free = ends.findIndex((end) => end < bar.from);
    bar.lane = free < 0 ? ends.length : free;
    ends[bar.lane] = bar.to;
  }
  return { bars, days: singles, lanes: ends.length };
}

function barOf({ task, first, last }, monday, sunday) {
  const begins = first >= monday;
  const ends = last <= sunday;
  return { task, from: begins ? daysBetween(monday, first) : 0, to: ends ? daysBetween(monday, last) : 6, begins, ends };
}

/** For narrow windows: the days that have tasks due, and those in `always` when they are among them. */
export function agendaOf(weeks, dated, { view, on }, always) {
  const days = weeks.flat().filter((day) => view === "week" || day.startsWith(on.slice(0, 7)));
  const tasks = new Map(days.map((day) => [day, []]));
  for (const { task, last } of dated) tasks.get(last)?.push(task);
  return days.filter((day) => tasks.get(day).length || always.includes(day)).map((day) => ({ day, tasks: tasks.get(day) }));
}

const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);
