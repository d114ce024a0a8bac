// Which kind of device this is, by what the browser tells. Pure.

const PHONE_WIDTH = 600; // the shorter side, in CSS pixels

/** "desktop", "mobile" or "tablet". */
export function deviceKind({ uaMobile, coarsePointer, shorterSide }) {
  if (uaMobile) return "mobile";
  if (!coarsePointer) return "desktop";
  return shorterSide < PHONE_WIDTH ? "mobile" : "tablet";
}

export function thisDevice() {
  return deviceKind({
    uaMobile: navigator.userAgentData?.mobile ?? false,
    coarsePointer: matchMedia("(pointer: coarse)").matches,
    shorterSide: Math.min(screen.width, screen.height),
  });
}
