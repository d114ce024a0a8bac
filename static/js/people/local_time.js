// What time it is for somebody else, by the IANA name of their zone. Pure: the present moment is an argument.
import { timeFormats } from "../lib/time.js";

const MINUTE = 60_000;
const known = new Map(); // Intl objects are slow to make

/** "14:05 for them, 2 h ahead of you"; with the weekday where theirs is another. Null for an unknown zone. */
export function localTime(zone, now, { locales, viewerZone } = {}) {
  const theirs = formatsOf(zone, locales);
  if (!theirs) return null;
  const mine = formatsOf(viewerZone, locales);
  const date = new Date(now);
  const ahead = offsetOf(theirs, date) - offsetOf(mine, date);
  const isSameDay = theirs.dayKey(date) === mine.dayKey(date);
  const clock = theirs.clock(date);
  if (ahead === 0) return `${clock}, the same as yours`;
  return `${isSameDay ? "" : `${theirs.weekdayName(date)} `}${clock} for them, ${span(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} you`;
}

/** Minutes east of UTC: what the zone's clock shows, less what UTC's does. */
function offsetOf({ wall }, date) {
  return Math.round((wall(date) - date) / MINUTE);
}

function span(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours && `${hours} h`, rest && `${rest} min`].filter(Boolean).join(" ");
}

function formatsOf(zone, locales) {
  const key = `${zone} ${locales}`;
  if (!known.has(key)) known.set(key, makeFormats(zone, locales));
  return known.get(key);
}

function makeFormats(timeZone, locales) {
  try {
    const weekday = new Intl.DateTimeFormat(locales, { weekday: "short", timeZone });
    const wall = new Intl.DateTimeFormat("en-US", {
      timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    });
    return {
      ...timeFormats(locales, timeZone),
      weekdayName: (date) => weekday.format(date),
      wall: (date) => {
        const part = Object.fromEntries(wall.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
        return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
      },
    };
  } catch {
    return null; // a zone this browser does not know
  }
}
