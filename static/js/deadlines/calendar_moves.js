// Moving tasks to other days: dragged by mouse or, after a long press, by finger; or picked up with the keyboard.
// Decides nothing: says over which day something is held, and where it was put.
import { announce } from "../lib/announce.js";
import { addDays } from "./rules.js";

const SLOP_PX = 5;
const LONG_PRESS_MS = 220;
const EDGE_PX = 48;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export class CalendarMoves {
  #drag = null; // {pointerId, chip, x, y, ghost?, timer?, from}
  #held = null; // {id, title, from, day}: picked up with the keyboard

  /**
   * `hooks`: dayOf(id) the day a task is due, or null; today(); reach(day) show that day; dayName(day);
   * hold(), release() nothing else moves meanwhile; drop(id, from, day) with the day it was held at (null when it had
   * none) and the one it is put on (null takes its date away).
   */
  constructor(root, view, hooks) {
    Object.assign(this, { root, view, hooks });
    root.addEventListener("pointerdown", (event) => this.#press(event));
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("keyup", (event) => this.#held && event.key === " " && event.preventDefault());
    root.addEventListener("focusout", (event) => this.#left(event));
    root.addEventListener("touchmove", (event) => this.#drag?.ghost && event.preventDefault(), { passive: false });
    root.addEventListener("contextmenu", (event) => this.#drag && event.preventDefault()); // a long press is a drag
    addEventListener("pointermove", (event) => this.#move(event));
    addEventListener("pointerup", (event) => this.#up(event));
    addEventListener("pointercancel", () => this.#end());
  }

  get isHolding() {
    return Boolean(this.#held || this.#drag?.ghost);
  }

  // --- by pointer ---

  #press(event) {
    const chip = event.target.closest(".chip");
    if (!chip || event.button !== 0 || this.#held) return;
    this.#end();
    const { pointerId, clientX: x, clientY: y, pointerType } = event;
    this.#drag = { pointerId, chip, x, y, isTouch: pointerType === "touch", from: dayAt(x, y) };
    if (pointerType === "touch") this.#drag.timer = setTimeout(() => this.#lift(x, y), LONG_PRESS_MS);
  }

  #move(event) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointerId) return;
    const { clientX: x, clientY: y } = event;
    const isFar = Math.hypot(x - drag.x, y - drag.y) > SLOP_PX;
    if (!drag.ghost && !isFar) return;
    if (!drag.ghost && drag.isTouch) return this.#end(); // a finger that moves at once scrolls
    if (!drag.ghost) this.#lift(x, y);
    event.preventDefault();
    this.#follow(x, y);
  }

  #lift(x, y) {
    const drag = this.#drag;
    const box = drag.chip.getBoundingClientRect();
    drag.ghost = drag.chip.cloneNode(true);
    drag.ghost.classList.add("chip-ghost");
    drag.ghost.inert = true;
    drag.ghost.style.setProperty("width", `${Math.min(box.width, 220)}px`);
    document.body.append(drag.ghost);
    drag.chip.classList.add("is-lifted");
    this.hooks.hold();
    this.#follow(x, y);
  }

  #follow(x, y) {
    this.#drag.ghost.style.setProperty("transform", `translate(${x + 6}px, ${y + 6}px)`);
    const scroller = document.getElementById("cal");
    const { top, bottom } = scroller.getBoundingClientRect();
    if (y > bottom - EDGE_PX) scroller.scrollBy(0, 12);
    if (y < top + EDGE_PX) scroller.scrollBy(0, -12);
    this.#drag.over = dayAt(x, y);
    this.view.mark(this.#drag.over);
  }

  #up(event) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointerId) return;
    const { chip: { dataset: { id } }, ghost, from, over } = drag;
    this.#end();
    if (!ghost) return;
    swallowClick();
    if (!over || over === from) return;
    // A bar is held at one of its days: it moves by as many days as the pointer does.
    this.hooks.drop(id, from === "tray" ? null : from, over === "tray" ? null : over);
  }

  #end() {
    const drag = this.#drag;
    if (!drag) return;
    clearTimeout(drag.timer);
    this.#drag = null;
    if (!drag.ghost) return;
    drag.ghost.remove();
    drag.chip.classList.remove("is-lifted");
    this.view.mark(null);
    this.hooks.release();
  }

  // --- by keyboard ---

  #key(event) {
    const chip = event.target.closest(".chip");
    if (!chip || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#held) return this.#steer(event);
    if (event.key !== " ") return;
    event.preventDefault();
    const { id } = chip.dataset;
    const from = this.hooks.dayOf(id);
    this.#held = { id, chip, title: chip.querySelector(".chip-title").textContent, from, day: from ?? this.hooks.today() };
    chip.classList.add("is-held");
    this.hooks.hold();
    this.#reach();
    announce(`Picked up “${this.#held.title}”. Over ${this.hooks.dayName(this.#held.day)}.`);
  }

  #steer(event) {
    const held = this.#held;
    const step = STEPS[event.key];
    if (event.key === "Tab") return this.#putBack();
    event.preventDefault();
    if (event.key === "Escape") return this.#putBack();
    if (step) {
      held.day = addDays(held.day, step);
      this.#reach();
      announce(this.hooks.dayName(held.day));
    }
    if (event.key !== " " && event.key !== "Enter") return;
    this.#letGo();
    if (held.day !== held.from) this.hooks.drop(held.id, held.from, held.day);
    else announce(`“${held.title}” stays where it was.`);
  }

  /** The day may be on another page of the calendar; the task is drawn anew there or not at all, but stays held. */
  #reach() {
    const held = this.#held;
    this.view.heldDay = held.day;
    if (this.view.mark(held.day)) return;
    this.hooks.reach(held.day);
    this.view.mark(held.day);
    held.chip = this.view.chipOf(held.id) ?? this.#placeholder(held);
    held.chip.classList.add("is-held");
    held.chip.querySelector("button").focus({ preventScroll: true });
  }

  /** Keys go to what has the focus: a task that is out of sight is shown at the day it is held over. */
  #placeholder({ id, title, day }) {
    const chip = document.getElementById("chip-template").content.firstElementChild.cloneNode(true);
    Object.assign(chip.dataset, { id, part: "held" });
    chip.querySelector(".chip-title").textContent = title;
    const place = document.querySelector(`.cal-day[data-day="${day}"]`);
    const list = place.querySelector(".day-tasks") ?? place.appendChild(document.createElement("ul"));
    list.append(chip);
    return chip;
  }

  #left(event) {
    if (this.#held && event.isTrusted && event.relatedTarget && !event.relatedTarget.closest(".chip")) this.#putBack();
  }

  #putBack() {
    const { title, id } = this.#held;
    this.#letGo();
    announce(`“${title}” stays where it was.`);
    this.view.focus(id);
  }

  #letGo() {
    this.#held.chip.classList.remove("is-held");
    this.#held = this.view.heldDay = null;
    this.view.mark(null);
    this.hooks.release();
  }
}

/** A day, "tray", or null outside of both. */
function dayAt(x, y) {
  for (const element of document.elementsFromPoint(x, y)) {
    const day = element.closest(".cal-day")?.dataset.day;
    if (day) return day;
    if (element.closest(".cal-tray")) return "tray";
  }
  return null;
}

/** Letting go over the task itself is not a click on it. */
function swallowClick() {
  const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}
