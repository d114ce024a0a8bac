// Watches whether the person at this page is active and reports it: at once when it changes, as a heartbeat else.
// ActivityTracker is pure but for the timers given to it; watchActivity connects it to the page.

const INPUT_EVENTS = ["mousemove", "mousedown", "keydown", "click", "wheel", "scroll", "touchstart", "touchmove"];
const DEBOUNCE_MS = 1_000;

export class ActivityTracker {
  active = true; // opening a page is activity
  visible = true;
  #lastInput;
  #lastReport;
  #timers = [];
  #retry;

  /** `report({active, visible})` sends; `clock` has now(), setTimeout and clearTimeout. */
  constructor({ report, clock, idleSeconds, heartbeatSeconds }) {
    Object.assign(this, { report, clock });
    this.#lastInput = this.#lastReport = clock.now();
    this.setThresholds({ idleSeconds, heartbeatSeconds });
  }

  setThresholds({ idleSeconds, heartbeatSeconds }) {
    this.idleMs = idleSeconds * 1000;
    this.heartbeatMs = heartbeatSeconds * 1000;
    this.#arm();
  }

  /** Any sign of life; many within a second count once. */
  input() {
    const now = this.clock.now();
    if (this.active && now - this.#lastInput < Math.min(DEBOUNCE_MS, this.idleMs / 4)) return;
    this.#lastInput = now;
    if (!this.active) this.#tell({ active: true });
  }

  setVisible(visible) {
    if (visible === this.visible) return;
    if (visible) this.#lastInput = this.clock.now(); // whoever turns to the page is there
    this.#tell({ visible, active: visible || this.active });
  }

  /** Whether somebody is there, also when the machine has slept and no timer could notice. */
  get isActive() {
    return this.active && this.clock.now() - this.#lastInput < this.idleMs;
  }

  reportNow() {
    this.#tell({ active: this.isActive });
  }

  /** Too many changes at once are ignored: what is true after the wait is told again. */
  heard({ ignored, retryAfter }) {
    if (!ignored) return;
    this.clock.clearTimeout(this.#retry);
    this.#retry = this.clock.setTimeout(() => this.reportNow(), retryAfter * 1000);
  }

  stop() {
    for (const timer of this.#timers) this.clock.clearTimeout(timer);
    this.#timers = [];
  }

  #tell(change) {
    Object.assign(this, change);
    this.#lastReport = this.clock.now();
    this.report({ active: this.active, visible: this.visible });
    this.#arm();
  }

  #arm() {
    this.stop();
    if (!this.active) return;
    const now = this.clock.now();
    this.#timers = [
      this.clock.setTimeout(() => this.#checkIdle(), Math.max(0, this.#lastInput + this.idleMs - now)),
      this.clock.setTimeout(() => this.#beat(), Math.max(0, this.#lastReport + this.heartbeatMs - now)),
    ];
  }

  #checkIdle() {
    if (this.isActive) this.#arm();
    else this.#tell({ active: false });
  }

  /** A beat says "there was input since the last report"; without any, the server's own idea stays right. */
  #beat() {
    if (this.#lastInput > this.#lastReport || !this.isActive) return this.reportNow();
    this.#lastReport = this.clock.now();
    this.#arm();
  }
}

/** Feeds the tracker from the page; answers a function that stops it. */
export function watchActivity(tracker) {
  const input = () => tracker.input();
  const visibility = () => tracker.setVisible(!document.hidden);
  const options = { passive: true, capture: true };
  for (const name of INPUT_EVENTS) addEventListener(name, input, options);
  document.addEventListener("visibilitychange", visibility);
  return () => {
    tracker.stop();
    for (const name of INPUT_EVENTS) removeEventListener(name, input, options);
    document.removeEventListener("visibilitychange", visibility);
  };
}

export const pageClock = {
  now: () => Date.now(), // goes on while the machine sleeps, unlike performance.now()
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (id) => clearTimeout(id),
};
