// What the attendance pages know and how they say it. Pure: the present moment and the time zone are arguments.

const DAY_MS = 86_400_000;
const RANGE_DAYS = { today: 1, 7: 7, 30: 30, 90: 90 };

/** "31 h 20 min", to the nearest minute, as app/attendance/rules.py says it; change both or neither. */
export function spokenHours(seconds) {
  const minutes = Math.floor((Math.max(0, seconds) + 30) / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** Seconds that were counted at `countedAt`, of which `active` sessions go on. */
export function secondsNow({ seconds, active }, countedAt, now) {
  return seconds + (active ? active * Math.max(0, Math.floor((now - countedAt) / 1000)) : 0);
}

/** Formats for one organization: its time zone, whoever looks. */
export function zoneFormats(timeZone) {
  const format = (options) => new Intl.DateTimeFormat("en-US", { ...options, timeZone });
  const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = format({ year: "numeric", month: "short", day: "numeric" });
  const parts = format({
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const wall = (date) => {
    const said = Object.fromEntries(parts.formatToParts(date).map(({ type, value }) => [type, value]));
    return `${said.year}-${said.month}-${said.day}T${said.hour}:${said.minute}:${said.second}`;
  };
  return { clock: (date) => clock.format(date), day: (date) => day.format(date), wall };
}

/** "2026-11-20" -> "Nov 20, 2026", whatever zone the browser is in. */
export function dayWords(day) {
  return new Intl.DateTimeFormat("en-US", { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" })
    .format(new Date(`${day}T00:00:00Z`));
}

/** "08:58 – 12:31", "22:00 – 06:00, Nov 21, 2026", "08:58 – now". */
export function timesWords({ clockInAt, clockOutAt }, formats) {
  const begin = new Date(clockInAt);
  if (!clockOutAt) return `${formats.clock(begin)} – now`;
  const end = new Date(clockOutAt);
  const later = formats.day(end) === formats.day(begin) ? "" : `, ${formats.day(end)}`;
  return `${formats.clock(begin)} – ${formats.clock(end)}${later}`;
}

/** The moment at which clocks of the zone show `wall`; of an hour that comes twice the first, none skipped. */
export function momentOf(wall, formats) {
  const shown = (time) => Date.parse(`${formats.wall(new Date(time))}Z`);
  const wanted = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  if (Number.isNaN(wanted)) return null;
  const guesses = [wanted - (shown(wanted - DAY_MS) - (wanted - DAY_MS)), wanted - (shown(wanted + DAY_MS) - (wanted + DAY_MS))];
  const right = guesses.filter((guess) => shown(guess) === wanted).sort((one, other) => one - other);
  return new Date(right[0] ?? guesses[0]).toISOString();
}

/** First and last day of a range, as the server reads them. */
export function daysOf({ range, from, to }, today) {
  if (range === "custom") return from <= to ? { from, to } : { from: to, to: from };
  const last = Date.parse(`${today}T00:00:00Z`);
  const first = new Date(last - (RANGE_DAYS[range] - 1) * DAY_MS);
  return { from: first.toISOString().slice(0, 10), to: today };
}

/** For the API: what asks for the same as the page shows. */
export function apiQuery(filters, { organizationId, today }, more = {}) {
  const query = new URLSearchParams({ organizationId, ...daysOf(filters, today) });
  if (filters.status) query.set("status", filters.status);
  if (filters.search) query.set("search", filters.search);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return query.toString();
}

/** For the address of the page: only what differs from how it opens by itself. */
export function addressQuery(filters, organizationId = null) {
  const query = new URLSearchParams();
  if (organizationId) query.set("organization", organizationId);
  if (filters.search) query.set("q", filters.search);
  if (filters.status) query.set("status", filters.status);
  if (filters.range !== "7") query.set("range", filters.range);
  if (filters.range === "custom") {
    query.set("from", filters.from);
    query.set("to", filters.to);
  }
  return query.size ? `?${query}` : "";
}

/** The small words beside a name, a day or a session: [{word, kind}]. */
export function badgesOf({ active = 0, closedAutomatically = 0, corrected = 0 }) {
  const badges = [];
  if (active) badges.push({ word: "ACTIVE", kind: "active" });
  if (closedAutomatically) badges.push({ word: `${closedAutomatically} closed automatically`, kind: "automatic" });
  if (corrected) badges.push({ word: `${corrected} corrected`, kind: "corrected" });
  return badges;
}

export function sessionBadges({ status, closedAutomatically, corrections, isLocked }) {
  const badges = [{ word: status, kind: status === "ACTIVE" ? "active" : "completed" }];
  if (closedAutomatically) badges.push({ word: "closed automatically", kind: "automatic" });
  if (corrections.length) badges.push({ word: "corrected", kind: "corrected" });
  if (isLocked) badges.push({ word: "closed period", kind: "completed" });
  return badges;
}

/** One line for each correction, the newest first. */
export function correctionWords(correction, formats) {
  const was = timesWords(correction, formats).replace("now", "open");
  const automatic = correction.closedAutomatically ? ", closed automatically" : "";
  const when = new Date(correction.correctedAt);
  return `Was ${was}${automatic}. ${correction.correctedBy}, ${formats.day(when)} ${formats.clock(when)}: ${correction.reason}`;
}

/**
 * What the panel says of somebody who is clocked in: when they were seen if they let the viewer see that they are
 * there, else only since when they are clocked in. Whoever hides looks exactly like whoever is away.
 */
export function seenWords(person, presence, now, formats) {
  if (!presence || presence.status === "offline") return { word: `since ${formats.clock(new Date(person.clockInAt))}`, dot: "" };
  const minutes = presence.lastSeen ? Math.floor((now - Date.parse(presence.lastSeen)) / 60_000) : 0;
  const word = minutes < 1 ? "now" : minutes < 60 ? `seen ${minutes} min ago` : `seen ${Math.floor(minutes / 60)} h ago`;
  return { word: presence.status === "online" || minutes ? word : presence.status, dot: presence.status };
}

/** What a deletion would do, in words; null for nothing to do. */
export function deletionWords({ sessions, locked, active }, filters, days) {
  const found = filters.search ? ` found by “${filters.search}”` : "";
  const lines = [`${many(sessions)}${found}, ${dayWords(days.from)} to ${dayWords(days.to)}.`];
  if (active) lines.push(`${many(active)} still active ${active === 1 ? "stays" : "stay"}.`);
  if (locked) lines.push(`${many(locked)} of them ${locked === 1 ? "lies" : "lie"} in a closed period, so nothing can be deleted. Choose later days.`);
  else if (sessions) lines.push("You can undo it for 10 minutes; after that they are gone.");
  return lines.join(" ");
}

/** 1000000 -> "1,000,000" */
export const grouped = (count) => count.toLocaleString("en-US");

const many = (count) => `${grouped(count)} ${count === 1 ? "session" : "sessions"}`;

/** How a deletion stands: what to say, whether it can be taken back, and whether to ask again. */
export function deletionState({ state, sessions, done }) {
  const were = `${many(sessions)} ${sessions === 1 ? "was" : "were"} deleted.`;
  if (state === "restoring") return { words: "Bringing the sessions back…", canUndo: false, isWorking: true };
  if (state === "undone") return { words: "The sessions are back.", canUndo: false, isWorking: false };
  if (state === "deleting") return { words: `Deleting ${many(sessions)}: ${Math.floor((100 * done) / sessions)} %.`, canUndo: true, isWorking: true };
  return { words: `${were} You can take that back for 10 minutes.`, canUndo: true, isWorking: false };
}

/** Lets `run` happen a moment after it was asked for, and never more often than `paceMs`. */
export class Pace {
  #timer = null;
  #last = -Infinity;

  constructor(run, { settleMs, paceMs, clock, timers = globalThis }) {
    Object.assign(this, { run, settleMs, paceMs, clock, timers });
  }

  ask() {
    if (this.#timer !== null) return;
    const wait = Math.max(this.settleMs, this.#last + this.paceMs - this.clock());
    this.#timer = this.timers.setTimeout(() => {
      this.#timer = null;
      this.#last = this.clock();
      this.run();
    }, wait);
  }
}
