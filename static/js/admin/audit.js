// The page of the audit trail works by itself; this puts its times into the viewer's words, zone and locale.
import { formats, keepTimesFresh } from "../lib/clock.js";
import { setText } from "../lib/dom.js";

for (const time of document.querySelectorAll("time[data-moment]")) {
  const date = new Date(time.dateTime);
  time.title = formats.exact(date);
  setText(time, formats.seen(date));
}
keepTimesFresh();

// Days of the filters are the viewer's days.
document.querySelector("#audit-filters [name=zone]").value = Intl.DateTimeFormat().resolvedOptions().timeZone;
