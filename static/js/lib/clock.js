// The page's clock: the server's time as last heard, so that a wrong clock of the viewer shifts no "ago".
// Keeps every <time data-relative> on the page fresh: "" says how long ago, "until" and "back" what is ahead.
import { backTime, knownLocales, relativeTime, timeFormats, untilTime } from "./time.js";

const REFRESH_MS = 10_000;
const WORDS = { "": relativeTime, until: untilTime, back: backTime };
let offset = 0;

export const formats = timeFormats(knownLocales(navigator.languages));
export const now = () => Date.now() + offset;

export function hearServerTime(iso) {
  const time = Date.parse(iso);
  if (!Number.isNaN(time)) offset = time - Date.now();
}

/** Shows `iso` in a <time> element as words that stay right, the exact moment on hover. */
export function showRelative(element, iso, kind = "") {
  element.dataset.relative = kind;
  showTime(element, iso, (date) => WORDS[kind](date, now(), formats));
}

export function showTime(element, iso, words) {
  const date = new Date(iso);
  if (element.dateTime !== iso) {
    element.dateTime = iso;
    element.title = formats.exact(date);
  }
  setText(element, words(date));
}

export function refreshRelativeTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-relative]")) {
    if (!element.dateTime) continue;
    if (!element.title) element.title = formats.exact(new Date(element.dateTime));
    setText(element, WORDS[element.dataset.relative](new Date(element.dateTime), now(), formats));
  }
}

export function keepTimesFresh() {
  refreshRelativeTimes();
  setInterval(refreshRelativeTimes, REFRESH_MS);
  document.addEventListener("visibilitychange", () => document.hidden || refreshRelativeTimes());
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
