// The calendar of a board: puts its parts together and lets them hear of each other.
import { announce, toast } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { formats, now } from "../lib/clock.js";
import { Connection } from "../lib/connection.js";
import { ConnectionBanner } from "../lib/connection_banner.js";
import { wireDialogs } from "../lib/dialog.js";
import { byId, oncePerFrame, setText } from "../lib/dom.js";
import { openMenu } from "../lib/menu.js";
import { boardSocket } from "../lib/socket.js";
import { sayFarewell } from "../boards/farewell.js";
import { LiveBoard } from "../boards/live.js";
import { BoardState } from "../boards/state.js";
import { TaskActions } from "../boards/task_actions.js";
import { ActivityTracker, pageClock, watchActivity } from "../presence/activity.js";
import { startStatusMenu } from "../presence/status_menu.js";
import { CalendarMoves } from "./calendar_moves.js";
import { addressOf, readAddress, stepped } from "./calendar_state.js";
import { CalendarView } from "./calendar_view.js";
import { DateDialog } from "./date_dialog.js";
import { daysBetween, endOfDay, movedBy, weekStartOf } from "./rules.js";

const DEFAULTS = { idleSeconds: 300, heartbeatSeconds: 120 }; // until the server names its own with the first join
const REFRESH_MS = 60_000;

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const narrow = matchMedia("(max-width: 700px)");
const state = new BoardState(JSON.parse(byId("board-data").textContent));
const actions = new TaskActions(state, `/api/boards/${state.board.id}`);
const view = new CalendarView({ formats, zone, weekStart: weekStartOf(navigator.language), now, narrow });
const dates = new DateDialog({ zone, now });
const socket = boardSocket();
let address = readAddress(location.search, view.today);
let isHeld = false;

const show = oncePerFrame(() => isHeld || draw());
const moves = new CalendarMoves(byId("main"), view, {
  dayOf: (id) => (state.tasks.get(id)?.dueAt ? formats.dayKey(new Date(state.tasks.get(id).dueAt)) : null),
  today: () => view.today,
  dayName: (day) => view.dayName(day),
  reach: (day) => { go({ ...address, on: day }, "replace"); draw(); },
  hold: () => { isHeld = true; },
  release: () => { isHeld = false; show(); },
  drop: (id, from, day) => move(id, from, day),
});
const live = new LiveBoard(socket, state, {
  isActive: () => tracker.isActive,
  onJoined: ({ thresholds }) => tracker.setThresholds(thresholds),
  onChange: show,
  onTyping: () => {},
  onStopTyping: () => {},
  onRevoked: revoked,
  onSessionEnded: sessionEnded,
});
const tracker = new ActivityTracker({
  report: (said) => live.tell("activity", { ...said, page: location.pathname }, (ack) => tracker.heard(ack)),
  clock: pageClock,
  ...DEFAULTS,
});
const banner = new ConnectionBanner(() => connection.retryNow());
const connection = new Connection(socket, {
  refreshSession: api.refreshSession,
  onSessionEnded: sessionEnded,
  onState: (change) => {
    banner.show(change);
    if (change.name === "connected") live.join();
  },
});

wireDialogs();
startStatusMenu(socket);
watchActivity(tracker);
draw();
byId("main").addEventListener("click", clicked);
byId("main").addEventListener("keydown", pressed);
narrow.addEventListener("change", draw);
setInterval(show, REFRESH_MS); // today turns into yesterday, and soon into overdue
addEventListener("popstate", () => { address = readAddress(location.search, view.today); draw(); });
addEventListener("pagehide", () => { live.leave(); connection.stop(); });
addEventListener("pageshow", (event) => event.persisted && connection.resume());
addEventListener("online", () => connection.retryNow());
connection.start();

function draw() {
  state.takeChanges();
  setText(byId("board-name"), state.board.name);
  byId("main").dataset.hue = state.board.color;
  document.title = `Calendar of ${state.board.name} · WorkHub`;
  view.show(state.tasks.values(), address);
  const unit = address.view;
  const link = (id, target, label = null) => {
    byId(id).href = addressOf(target);
    if (label) byId(id).setAttribute("aria-label", label);
  };
  link("cal-today", { ...address, on: view.today });
  link("cal-back", stepped(address, -1), `The ${unit} before`);
  link("cal-on", stepped(address, 1), `The ${unit} after`);
  for (const name of ["month", "week"]) {
    link(`cal-${name}`, { ...address, view: name });
    if (name === unit) byId(`cal-${name}`).setAttribute("aria-current", "true");
    else byId(`cal-${name}`).removeAttribute("aria-current");
  }
}

function go(target, how) {
  address = target;
  if (how === "replace") history.replaceState(null, "", addressOf(target));
  else history.pushState(null, "", addressOf(target));
}

function clicked(event) {
  const button = event.target.closest(".chip-button");
  if (button) return openChip(button);
  const link = event.target.closest("a[href^='?']");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain) return;
  event.preventDefault();
  go(readAddress(link.getAttribute("href"), view.today), "push");
  draw();
}

/** The same single keys as on the board. */
function pressed(event) {
  const chip = event.target.closest(".chip");
  if (!chip || moves.isHolding || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "m") askDate(chip.dataset.id);
  else if (event.key === "d") toggleDone(chip.dataset.id);
  else return;
  event.preventDefault();
}

function openChip(button) {
  const { id } = button.closest(".chip").dataset;
  const task = state.tasks.get(id);
  if (!task) return;
  setText(byId("chip-menu-done"), task.completedAt ? "Mark as not done" : "Mark as done");
  byId("chip-menu-undate").hidden = !task.dueAt;
  openMenu(byId("chip-menu"), button, (action) => {
    if (action === "open") location.assign(`/boards/${state.board.id}#/tasks/${id}`);
    if (action === "date") askDate(id);
    if (action === "done") toggleDone(id);
    if (action === "undate") move(id, null, null);
  });
}

function askDate(id) {
  const task = state.tasks.get(id);
  if (!task) return;
  dates.open(task, async (changes) => {
    const { version } = state.tasks.get(id) ?? task;
    try {
      await actions.save(id, changes, version);
    } catch (error) {
      if (error.current) state.putTask(error.current); // saving once more goes by that
      throw error;
    } finally {
      show();
    }
    said(id);
  });
}

async function toggleDone(id) {
  const { title, completedAt } = state.tasks.get(id);
  const isSaved = actions.complete(id, !completedAt);
  showAt(id);
  try {
    await isSaved;
    announce(completedAt ? `“${title}” is open again.` : `“${title}” is done.`);
  } catch (error) {
    toast(`“${title}” was not changed. ${error.message}`);
  }
  show();
}

function move(id, from, day) {
  const task = state.tasks.get(id);
  if (!task) return toast("The task was deleted meanwhile.");
  let changes = { dueAt: null };
  if (day && from && task.dueAt) changes = movedBy(task, daysBetween(from, day), zone);
  else if (day) changes = { dueAt: endOfDay(day, zone), timeZone: zone };
  return setDate(task, changes);
}

/** Shows it at once, and takes it back when the server refuses: because of a change that this person has not seen, too. */
async function setDate({ id, title, version }, changes) {
  const settle = state.expectTask(id, (task) => ({ ...task, ...changes }));
  showAt(id);
  try {
    settle(await api.patch(`${actions.path}/${id}`, { ...changes, version }));
    said(id);
  } catch (error) {
    settle(error.current);
    if (error.code === "conflict") {
      const again = { label: "Change it all the same", run: () => state.tasks.has(id) && setDate(state.tasks.get(id), changes) };
      toast(`“${title}” was changed by somebody else meanwhile, so its date stayed.`, again);
      live.reload();
    } else toast(`“${title}” was not changed. ${error.message}`);
  }
  show();
}

function showAt(id) {
  show();
  requestAnimationFrame(() => view.focus(id));
}

function said(id) {
  const task = state.tasks.get(id);
  if (!task) return;
  const when = task.dueAt ? `is due ${view.dayName(formats.dayKey(new Date(task.dueAt)))}` : "has no date";
  announce(`“${task.title}” ${when}.`);
}

function revoked(reason) {
  if (reason === "demoted" || !byId("shell")) return;
  connection.stop();
  tracker.stop();
  isHeld = true;
  sayFarewell(reason);
}

function sessionEnded() {
  connection.stop();
  api.goToSignIn();
}
