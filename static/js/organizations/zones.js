// Names of time zones, offered while one types; the server decides which ones it knows.
import { byId } from "../lib/dom.js";

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function offerZones() {
  const options = Intl.supportedValuesOf("timeZone").map((value) => Object.assign(document.createElement("option"), { value }));
  byId("zones").replaceChildren(...options);
}
