// My work: puts its parts together. The server says by the socket that something changed, and is asked what.
import { announce, toast } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { formats, hearServerTime, now } from "../lib/clock.js";
import { Connection } from "../lib/connection.js";
import { wireDialogs } from "../lib/dialog.js";
import { byId, setText } from "../lib/dom.js";
import { boardSocket } from "../lib/socket.js";
import { startSessionHeartbeat } from "../presence/session_heartbeat.js";
import { startStatusMenu } from "../presence/status_menu.js";
import { DateDialog } from "./date_dialog.js";
import { weekStartOf } from "./rules.js";
import { WorkState } from "./work_state.js";
import { WorkView } from "./work_view.js";

const SETTLE_MS = 250; // one act of somebody can be many changes
const POLL_MS = 60_000;
const RETRY_MS = 3_000;
const PORTIONS = [100, 500, 5_000];
const LIVE = { live: "Live", lost: "Reconnecting", connecting: "Connecting" };

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const weekStart = weekStartOf(navigator.language);
const state = new WorkState(JSON.parse(byId("work-data").textContent));
const view = new WorkView({ formats, zone, now });
const dates = new DateDialog({ zone, now });
const socket = boardSocket();
const connection = new Connection(socket, {
  refreshSession: api.refreshSession,
  onSessionEnded: sessionEnded,
  onState: ({ name }) => {
    if (name === "connected") askAgain(0); // for what was missed meanwhile
    else showLive(name === "connecting" ? "connecting" : "lost");
  },
});
let portion = 0;
let asking = null; // the timer of the next request
let round = 0;
let saving = 0;

wireDialogs();
startSessionHeartbeat();
startStatusMenu(socket);
show();
byId("work-live").hidden = byId("work-watching-row").hidden = false;
byId("work-watching").checked = new URLSearchParams(location.search).has("watching");
byId("work-watching").addEventListener("change", watchingChanged);
byId("work").addEventListener("click", clicked);
byId("work").addEventListener("change", ({ target }) => target.matches(".work-check") && tick(idOf(target), target.checked));
byId("work").addEventListener("keydown", pressed);
socket.on("work_changed", () => askAgain(SETTLE_MS));
socket.on("session_ended", sessionEnded);
setInterval(() => { show(); document.hidden || socket.connected || askAgain(0); }, POLL_MS);
document.addEventListener("visibilitychange", () => document.hidden || askAgain(0));
addEventListener("pagehide", () => connection.stop());
addEventListener("pageshow", (event) => event.persisted && connection.resume());
addEventListener("online", () => connection.retryNow());
connection.start();

const idOf = (element) => element.closest(".work-task").dataset.id;

function show() {
  view.show(state.arrange(new Date(now()), formats, weekStart), [...state.done.values()]);
}

function askAgain(delay) {
  asking ??= setTimeout(() => { asking = null; load(); }, delay);
}

async function load() {
  const mine = ++round;
  const query = new URLSearchParams({ timeZone: zone, weekStart, limit: PORTIONS[portion] });
  if (byId("work-watching").checked) query.set("watching", "true");
  try {
    const work = await api.get(`/api/my-work?${query}`);
    if (mine !== round) return; // asked again meanwhile: that answer is newer
    if (saving) return askAgain(SETTLE_MS); // it may be from before what is being saved
    hearServerTime(work.serverTime);
    state.load(work);
    show();
    byId("work-problem").hidden = true;
    showLive(socket.connected ? "live" : "lost");
  } catch (error) {
    if (mine !== round) return;
    setText(byId("work-problem"), `What you see may be old. ${error.message}`);
    byId("work-problem").hidden = false;
    setTimeout(() => askAgain(0), (error.retryAfter ?? 0) * 1000 || RETRY_MS);
  }
}

function watchingChanged() {
  const { checked } = byId("work-watching");
  history.replaceState(null, "", checked ? "?watching" : location.pathname);
  load();
}

function clicked(event) {
  if (event.target.closest(".work-due")) askDate(idOf(event.target));
  if (!event.target.closest(".work-more")) return;
  portion = Math.min(portion + 1, PORTIONS.length - 1);
  load();
}

/** The same single keys as on a board. */
function pressed(event) {
  if (!event.target.closest(".work-task") || event.ctrlKey || event.metaKey || event.altKey) return;
  const task = state.find(idOf(event.target));
  if (event.key === "d") tick(task.id, !task.completedAt);
  else if (event.key === "m") askDate(task.id);
  else return;
  event.preventDefault();
}

function askDate(id) {
  dates.open(state.find(id), async (changes) => {
    const { title } = await save(id, changes);
    announce(`The date of “${title}” is changed.`);
  });
}

/** Whether something is done does not depend on what else was changed: a stale version is tried once more. */
async function tick(id, completed) {
  const task = state.find(id);
  state.put(id, { version: task.version, completedAt: completed ? new Date(now()).toISOString() : null });
  show();
  view.rowOf(id)?.querySelector(".work-check").focus({ preventScroll: true });
  try {
    await save(id, { completed }).catch((error) => {
      if (error.code !== "conflict") throw error;
      return save(id, { completed });
    });
    announce(completed ? `“${task.title}” is done.` : `“${task.title}” is open again.`);
  } catch (error) {
    state.put(id, { ...state.find(id), completedAt: task.completedAt });
    show();
    toast(`“${task.title}” was not changed. ${error.message}`);
  }
}

async function save(id, changes) {
  const { boardId, version } = state.find(id);
  saving += 1;
  try {
    const answer = await api.patch(`/api/boards/${boardId}/tasks/${id}`, { ...changes, version });
    state.put(id, answer);
    return answer;
  } catch (error) {
    if (error.current) state.put(id, error.current);
    if (error.code === "not_found") state.drop(id);
    throw error;
  } finally {
    saving -= 1;
    show();
  }
}

function showLive(name) {
  byId("work-live").dataset.state = name;
  setText(byId("work-live").lastElementChild, LIVE[name]);
}

function sessionEnded() {
  connection.stop();
  api.goToSignIn();
}
