// Shows the rows of user management again when something about their people has changed.
import { showRelative } from "../lib/clock.js";
import { setText } from "../lib/dom.js";
import { stateOf, wordOf } from "./state.js";

export class Table {
  #rows = new Map();

  constructor(table) {
    for (const row of table?.querySelectorAll(".member") ?? []) this.#rows.set(row.dataset.userId, row);
  }

  get rows() {
    return [...this.#rows.values()];
  }

  get chosen() {
    return this.rows.filter((row) => box(row).checked).map((row) => row.dataset.userId);
  }

  get choosable() {
    return this.rows.filter((row) => !box(row).disabled);
  }

  choose(rows, isChosen) {
    for (const row of rows) box(row).checked = isChosen;
    this.markChosen();
  }

  markChosen() {
    for (const row of this.rows) row.classList.toggle("is-chosen", box(row).checked);
  }

  /** `isNews`: somebody should see that it has changed. */
  show(member, isNews) {
    const row = this.#rows.get(member.userId);
    if (!row) return;
    const state = stateOf(member);
    if (isNews && row.dataset.state !== state) flash(row);
    row.dataset.state = state;
    row.dataset.role = member.role;
    row.querySelector(".member-status").dataset.dot = state === "active" ? "online" : "offline";
    setText(row.querySelector(".member-word"), wordOf(member));
    setText(row.querySelector(".member-sessions"), String(member.openSessions));
    const role = row.querySelector(".member-role select");
    if (role) role.value = member.role;
    showSeen(row.querySelector(".member-time"), member.lastActivity);
  }
}

const box = (row) => row.querySelector(".member-pick input");

function showSeen(time, moment) {
  if (moment) return showRelative(time, moment);
  delete time.dataset.relative;
  time.removeAttribute("datetime");
  time.removeAttribute("title");
  setText(time, "—");
}

function flash(row) {
  row.classList.remove("is-changed");
  requestAnimationFrame(() => row.classList.add("is-changed"));
}
