// Shows the people of the panel: one keyed row each, and a row is touched only when its person changed.
// Twenty deltas a second with 200 members must stay far below a frame, so nothing here reads layout.
import { showRelative, showTime, formats } from "../lib/clock.js";
import { byId, fromTemplate, place, setText } from "../lib/dom.js";
import { paintAvatar } from "../lib/avatar.js";
import { customWords } from "./status_state.js";
import { GROUPS, compareMembers, countGroups, describe, groupOf, matches, statusWord } from "./people.js";

const FRAME_BUDGET_MS = 6;

export class PresenceView {
  #rows = new Map(); // user id -> {element, parts, member}
  #groups = Object.fromEntries(GROUPS.map((name) => [name, document.querySelector(`[data-group="${name}"]`)]));
  #counts = Object.fromEntries(GROUPS.map((name) => [name, document.querySelectorAll(`[data-count="${name}"]`)]));
  #order = Object.fromEntries(GROUPS.map((name) => [name, []])); // rows of each group as they stand on the page
  #empty = byId("presence-empty"); // kept: a frame asked for earlier may come when the panel is gone
  #query = "";

  /** `context` answers titleOf(taskId), isGuest(userId) and holds boardPage, this board's name as a page. */
  constructor(state, context) {
    Object.assign(this, { state, context });
  }

  /** Shows the persons with these ids again, and takes their ids out; what does not fit into one frame stays in. */
  show(ids) {
    const deadline = performance.now() + FRAME_BUDGET_MS;
    for (const id of ids) {
      this.#showOne(id);
      ids.delete(id);
      if (performance.now() > deadline) break;
    }
    this.#showCounts();
    this.#showGroups();
  }

  search(query) {
    this.#query = query.trim();
    for (const row of this.#rows.values()) this.#filter(row);
    this.#showGroups();
  }

  showLive(state, word) {
    const live = byId("presence-live");
    live.dataset.state = state;
    setText(live.lastElementChild, word);
    byId("people-panel").classList.toggle("is-stale", state === "lost");
  }

  #showOne(id) {
    const member = this.state.members.get(id);
    const known = this.#rows.get(id);
    if (!member) return known && this.#drop(known);
    const row = known ?? this.#newRow(member);
    const moved = !known || groupOf(known.member) !== groupOf(member) || compareMembers(known.member, member) !== 0;
    if (known && moved) this.#takeOut(row);
    row.member = member;
    this.#fill(row);
    if (moved) this.#put(row);
    this.#filter(row);
  }

  #drop(row) {
    this.#takeOut(row);
    row.element.remove();
    this.#rows.delete(row.member.userId);
  }

  #takeOut(row) {
    const order = this.#order[groupOf(row.member)];
    order.splice(order.indexOf(row), 1);
  }

  #newRow(member) {
    const element = fromTemplate("person-template");
    element.dataset.userId = member.userId;
    const parts = {};
    for (const name of ["name", "role", "custom", "status", "word", "task", "time", "device", "ago"]) {
      parts[name] = element.querySelector(`.person-${name}`);
    }
    paintAvatar(element.querySelector(".disc"), { id: member.userId, ...member });
    const row = { element, parts, member };
    this.#rows.set(member.userId, row);
    return row;
  }

  #fill({ element, parts, member }) {
    const { word, dot, task, seen, unsaid } = describe(member, this.context);
    element.dataset.status = member.status;
    element.dataset.dot = dot;
    element.classList.toggle("is-leaving", Boolean(member.reconnecting));
    setText(parts.name, member.name);
    setText(parts.word, word);
    setText(parts.status, unsaid ? `${unsaid}. ` : "");
    this.#fillRole(parts, member);
    setText(parts.custom, customWords(member));
    parts.custom.title = member.customStatus ?? "";
    fillTask(parts.task, task);
    fillTimes(parts, member, seen);
    const device = groupOf(member) === "offline" ? "" : member.device ?? "";
    const pages = device && member.connections > 1 ? member.connections : 1;
    setText(parts.device, pages > 1 ? `${device} +${pages - 1}` : device);
    parts.device.title = pages > 1 ? `${pages} pages open` : "";
  }

  #fillRole(parts, member) {
    const role = this.context.isGuest(member.userId) ? "guest" : member.role;
    setText(parts.role, role);
    parts.role.classList.toggle("visually-hidden", role === "member");
  }

  /** Rows of a group stand in order: the place is before the first one that sorts after, found by halving. */
  #put(row) {
    const group = groupOf(row.member);
    const order = this.#order[group];
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareMembers(order[middle].member, row.member) < 0) low = middle + 1;
      else high = middle;
    }
    place(this.#groups[group].querySelector(".people"), row.element, order[low]?.element ?? null);
    order.splice(low, 0, row);
  }

  #filter({ element, member }) {
    const hidden = this.#query !== "" && !matches(member, this.#query);
    if (element.hidden !== hidden) element.hidden = hidden;
  }

  #showCounts() {
    const counts = countGroups(this.state.members.values());
    for (const name of GROUPS) for (const element of this.#counts[name]) setText(element, String(counts[name]));
  }

  #showGroups() {
    let anybody = false;
    for (const group of Object.values(this.#groups)) {
      const filled = group.querySelector(".person:not([hidden])") !== null;
      if (group.hidden === filled) group.hidden = !filled;
      anybody ||= filled;
    }
    this.#empty.hidden = anybody;
    if (!anybody) setText(this.#empty, emptyText(this.state.members.size, this.#query));
  }
}

function emptyText(size, query) {
  if (query && size) return `Nobody here is called “${query}”.`;
  return size ? "" : "Nobody is on this board yet. Add people under Members.";
}

function fillTask(link, task) {
  link.hidden = !task;
  if (!task) return;
  setText(link, `“${task.title}”`);
  if (link.hash !== `#/tasks/${task.id}`) link.href = `#/tasks/${task.id}`;
}

/**
 * Idle people say how long ago they were active; absent ones the moment, with "how long ago" beside it;
 * busy and away ones when that ends.
 */
function fillTimes({ time, ago }, { lastSeen, statusUntil }, seen) {
  const isAhead = seen === "until" || seen === "back";
  const shown = isAhead ? statusUntil : lastSeen;
  time.hidden = !seen || !shown;
  ago.hidden = seen !== "exact" || !shown;
  if (!ago.hidden) showRelative(ago, shown);
  if (time.hidden) return;
  if (seen !== "exact") return showRelative(time, shown, isAhead ? seen : "");
  delete time.dataset.relative;
  showTime(time, shown, (date) => formats.seen(date));
}
