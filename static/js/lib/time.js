// Says times to people: pure, the present moment and the time zone are arguments.
// Absolute times follow the viewer's locale; the short relative words are English like the rest of the page.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The browser's languages that Intl understands: a machine without a language reports "en-US@posix". */
export function knownLocales(languages) {
  return languages.filter((language) => {
    try {
      return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
    } catch {
      return false;
    }
  });
}

/** Formats for one viewer; Intl objects are slow to make, so they are made once. */
export function timeFormats(locales = undefined, timeZone = undefined) {
  const format = (options) => new Intl.DateTimeFormat(locales, { ...options, timeZone });
  const clock = format({ hour: "numeric", minute: "2-digit" });
  const day = format({ year: "numeric", month: "short", day: "numeric" });
  const shortDay = format({ month: "short", day: "numeric" });
  const weekday = format({ weekday: "short", month: "short", day: "numeric" });
  const exact = format({
    year: "numeric", month: "short", day: "numeric",
    hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short",
  });
  const key = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
  return {
    clock: (date) => plainSpaces(clock.format(date)),
    day: (date) => plainSpaces(day.format(date)),
    shortDay: (date) => plainSpaces(shortDay.format(date)),
    weekday: (date) => plainSpaces(weekday.format(date)),
    exact: (date) => plainSpaces(exact.format(date)),
    dayKey: (date) => key.format(date),
    seen: (date) => plainSpaces(`${clock.format(date)}, ${day.format(date)}`),
  };
}

// Newer ICU data puts a narrow no-break space before AM and PM: it reads the same and searches differently.
const plainSpaces = (text) => text.replace(/[\u202f\u00a0]/g, " ");

/** "just now", "8 min ago", "3 h ago", "yesterday", "5 days ago", "3 weeks ago" ... */
export function relativeTime(then, now, formats) {
  const age = now - then;
  if (age < MINUTE) return "just now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  const days = calendarDays(then, now, formats);
  if (days === 0 || age < 6 * HOUR) return `${Math.floor(age / HOUR)} h ago`;
  if (days === 1) return "yesterday";
  if (days < 14) return `${days} days ago`;
  if (days < 60) return `${Math.floor(days / 7)} weeks ago`;
  if (days < 730) return `${Math.floor(days / 30.44)} months ago`;
  return `${Math.floor(days / 365.25)} years ago`;
}

/** What stands after "until": "15:00", "tomorrow at 9:00", "Mon, Aug 11 at 9:00". */
export function untilTime(then, now, formats) {
  const days = calendarDays(then, now, formats);
  const clock = formats.clock(then);
  if (days === 0) return clock;
  return days === -1 ? `tomorrow at ${clock}` : `${formats.weekday(then)} at ${clock}`;
}

/** What stands after "back": as above, with "at" before a mere time of day. */
export function backTime(then, now, formats) {
  const words = untilTime(then, now, formats);
  return words.includes(" at ") ? words : `at ${words}`;
}

/** How many midnights of the viewer lie between the two moments; negative when `then` is ahead. */
export function calendarDays(then, now, formats) {
  const midnight = (date) => Date.parse(`${formats.dayKey(date)}T00:00:00Z`);
  return Math.round((midnight(now) - midnight(then)) / (24 * HOUR));
}

/** The heading of a day in a timeline. */
export function dayHeading(date, now, formats) {
  const days = calendarDays(date, now, formats);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days < 180 ? formats.weekday(date) : formats.day(date);
}
