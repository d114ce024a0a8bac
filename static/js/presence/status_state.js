// What a person says of themselves, and until when: the choices offered and the words for them. Pure.
// Choices are made in the viewer's own time zone; the present moment is an argument in milliseconds.
import { untilTime } from "../lib/time.js";

const MINUTE = 60_000;
const MORNING_HOUR = 9;
const LASTS = { "30m": 30 * MINUTE, "1h": 60 * MINUTE, "4h": 240 * MINUTE };
const WORDS = { online: "Online", away: "Away", busy: "Busy" };

/** `kept` is the end that holds already and stays unless another one is chosen. */
export function untilChoices(kept, now, formats) {
  const tomorrow = untilTime(tomorrowMorning(now), now, formats);
  return [
    ...(kept ? [{ value: "keep", text: capital(`until ${untilTime(new Date(kept), now, formats)}`) }] : []),
    { value: "never", text: "Don’t clear" },
    { value: "30m", text: "30 minutes" },
    { value: "1h", text: "1 hour" },
    { value: "4h", text: "4 hours" },
    { value: "tomorrow", text: `Until ${tomorrow}` },
    { value: "time", text: "Until a time today…" },
  ];
}

/** An ISO moment, null for no end, undefined for "as it is"; NaN when `time` (HH:MM) is none, or over for today. */
export function untilMoment(value, now, time = "") {
  if (value === "keep") return undefined;
  if (value === "never") return null;
  if (value === "tomorrow") return tomorrowMorning(now).toISOString();
  if (value in LASTS) return new Date(now + LASTS[value]).toISOString();
  const [hours, minutes] = time.split(":").map(Number);
  const moment = new Date(now).setHours(hours, minutes, 0, 0);
  return moment > now ? new Date(moment).toISOString() : NaN;
}

/** The day after by the calendar, also for those who work after midnight. */
function tomorrowMorning(now) {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  return morning;
}

/** "Busy until 15:00 · 🎧 Focus" */
export function ownWords(settings, now, formats) {
  const { status, statusUntil } = settings;
  const until = statusUntil ? ` until ${untilTime(new Date(statusUntil), now, formats)}` : "";
  return [`${WORDS[status] ?? "Online"}${until}`, customWords(settings)].filter(Boolean).join(" · ");
}

export const customWords = ({ customEmoji, customStatus }) => [customEmoji, customStatus].filter(Boolean).join(" ");

/** Without what has expired: a page that hears nothing from the server must not go on saying it. */
export function stillTrue(settings, now) {
  const isOver = (until) => until !== null && Date.parse(until) <= now;
  const rest = { ...settings };
  if (isOver(rest.statusUntil)) Object.assign(rest, { status: "online", statusUntil: null });
  if (isOver(rest.customStatusUntil)) {
    Object.assign(rest, { customStatus: null, customEmoji: null, customStatusUntil: null });
  }
  return rest;
}

/** Milliseconds until something expires; null when nothing does. */
export function nextExpiry({ statusUntil, customStatusUntil }, now) {
  const ends = [statusUntil, customStatusUntil].filter(Boolean).map((until) => Date.parse(until) - now);
  return ends.length ? Math.max(0, Math.min(...ends)) : null;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
