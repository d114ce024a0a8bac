// The time zone in which a task's dates were set, said where it is another one than the viewer's.
import { byId, setText } from "../lib/dom.js";
import { knownLocales, timeFormats } from "../lib/time.js";

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export class TimeZoneNote {
  #element = byId("task-zone");

  show({ startAt, dueAt, timeZone }) {
    const text = foreignTimes({ startAt, dueAt, timeZone }, ownZone(), knownLocales(navigator.languages));
    this.#element.hidden = !text;
    setText(this.#element, text);
  }
}

/** Pure: "Set in Tokyo: due 9:00 AM, Aug 10, 2025", or "" when the viewer's clock says the same. */
export function foreignTimes({ startAt, dueAt, timeZone }, viewerZone, locales) {
  if (!timeZone || timeZone === viewerZone || !(startAt || dueAt)) return "";
  const [there, here] = [timeZone, viewerZone].map((zone) => timeFormats(locales, zone));
  const times = [["starts", startAt], ["due", dueAt]].filter(([, moment]) => moment)
    .map(([word, moment]) => ({ word, there: there.seen(new Date(moment)), here: here.seen(new Date(moment)) }));
  if (times.every((time) => time.there === time.here)) return "";
  const place = timeZone.split("/").at(-1).replaceAll("_", " ");
  return `Set in ${place}: ${times.map((time) => `${time.word} ${time.there}`).join("; ")}`;
}
