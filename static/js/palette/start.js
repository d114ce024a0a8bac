// On every page: Ctrl+K, Cmd+K or the magnifying glass open the palette, "?" says which keys there are. Both are
// fetched when they are used first.
import { toast } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { isForWriting, isPaletteKey, plainKey } from "../lib/keys.js";
import { loadStyles, once } from "../lib/lazy.js";

/** What can be done on this page: {title, hint, run}, or functions that answer such. Pages add theirs. */
export const commands = [];

const KEYS_OFF = "workhub-single-keys-off";
const load = once(() => Promise.all([import("./palette.js"), import("./sheet.js"), loadStyles("palette.css")]));

/** Keys without Ctrl can be switched off (WCAG 2.1.4): speech input types letters that were never meant. */
export const singleKeys = {
  get on() { try { return !localStorage.getItem(KEYS_OFF); } catch { return true; } },
  set on(on) { try { on ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"); } catch { /* private window */ } },
};

export const openPalette = () => open(([palette]) => palette.open(commands));
export const openSheet = () => open(([, sheet]) => sheet.open(singleKeys));

async function open(show) {
  try {
    show(await load());
  } catch {
    toast("This cannot be shown now: the server does not answer.");
  }
}

addEventListener("keydown", (event) => {
  const isSheetKey = plainKey(event) === "?" && !isForWriting(event.target) && singleKeys.on;
  if (!isPaletteKey(event) && !isSheetKey) return;
  event.preventDefault();
  if (isSheetKey) openSheet();
  else openPalette();
});
byId("search-open")?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in another tab: the page of results
  event.preventDefault();
  openPalette();
});
