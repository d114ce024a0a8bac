// The board page: puts its parts together and lets them hear of each other.
import * as api from "../lib/api.js";
import { toast } from "../lib/announce.js";
import { keepTimesFresh } from "../lib/clock.js";
import { Connection } from "../lib/connection.js";
import { ConnectionBanner } from "../lib/connection_banner.js";
import { wireDialogs } from "../lib/dialog.js";
import { byId, setText } from "../lib/dom.js";
import { loadStyles, once } from "../lib/lazy.js";
import { boardSocket } from "../lib/socket.js";
import { ActivityTracker, pageClock, watchActivity } from "../presence/activity.js";
import { startPresence } from "../presence/page.js";
import { startStatusMenu } from "../presence/status_menu.js";
import { BoardActions } from "./actions.js";
import { sayFarewell } from "./farewell.js";
import { startFinding } from "./finding.js";
import { BoardHeader } from "./header.js";
import { ListControls } from "./lists.js";
import { LiveBoard } from "./live.js";
import { MembersDialog } from "./members_dialog.js";
import { Moving } from "./moving.js";
import { Selection } from "./selection.js";
import { BoardState } from "./state.js";
import { TaskActs } from "./task_acts.js";
import { TaskOpener } from "./task_opener.js";
import { TypingHints, TypingReporter } from "./typing.js";
import { BoardView } from "./view.js";

// Until the server names its own thresholds with the first join.
const DEFAULTS = { idleSeconds: 300, heartbeatSeconds: 120, typingSeconds: 5 };
const TYPING_CHECK_MS = 500;
const DUE_REFRESH_MS = 60_000;

const me = byId("main").dataset.me;
const state = new BoardState(JSON.parse(byId("board-data").textContent));
const actions = new BoardActions(state);
const hints = new TypingHints(DEFAULTS.typingSeconds * 1000);
const socket = boardSocket();

const live = new LiveBoard(socket, state, {
  isActive: () => tracker.isActive, // a page that came back by itself must not look like a person
  onJoined: joined,
  onChange: () => view.update(),
  onTyping: (mark) => showTyping(hints.hear(mark, Date.now())),
  onStopTyping: (userId) => showTyping(hints.forget(userId)),
  onRevoked: revoked,
  onSessionEnded: sessionEnded,
});
const typing = new TypingReporter({
  send: (taskId) => live.tell("typing", { taskId: taskId ?? undefined }),
  stop: () => live.tell("stop_typing", {}),
  clock: pageClock,
  lifeMs: DEFAULTS.typingSeconds * 1000,
});

let myRole = state.board.role;
const board = { state, actions, me, filter: null }; // for what is fetched later
let controls;
const view = new BoardView(state, hints, {
  onBoard: () => { if (header.show()) tracker.reportNow(); },
  onMembers: membersChanged,
  onList: (list) => queueMicrotask(() => controls.wire(list)), // the first lists are there before the controls
  onCard: (card, task) => board.filter?.card(card, task),
  onChanges: changed,
});
state.onChange = () => view.update();
const moving = new Moving(state, actions, view);
const acts = new TaskActs(state, actions, view, moving);
acts.selection = new Selection(state, actions, { view, acts });
controls = new ListControls(state, actions, view, { moving, typing, acts });
const members = new MembersDialog(state, actions, me);
const header = new BoardHeader(state, actions, view, { onDeleted: () => revoked("deleted") });
const opener = new TaskOpener((TaskPanel) => new TaskPanel(state, actions, view, {
  onTyping: (taskId) => typing.key(taskId),
  onTypingEnd: () => typing.end(),
  onSaved: () => view.update(),
  onAct: (action, taskId) => acts.run(action, taskId),
  onOpen: showOpenTask,
  me,
  live,
}));
const openArchive = once(async () => {
  const [{ Archive }] = await Promise.all([import("./archive.js"), loadStyles("board_more.css")]);
  return archive = new Archive(state, actions);
});
let archive = null;
let presence = byId("presence") ? startPresence({ socket, state, live }) : null;

const tracker = new ActivityTracker({
  report: (said) => live.tell("activity", { ...said, page: location.pathname }, (ack) => tracker.heard(ack)),
  clock: pageClock,
  ...DEFAULTS,
});
const banner = new ConnectionBanner(() => connection.retryNow());
const connection = new Connection(socket, {
  refreshSession: api.refreshSession,
  onSessionEnded: sessionEnded,
  onState: connectionChanged,
});

wireDialogs();
byId("archive-open").addEventListener("click", async () => {
  try {
    (await openArchive()).open();
  } catch {
    toast("The archive cannot be shown now: the server does not answer.");
  }
});
startStatusMenu(socket);
keepTimesFresh();
watchActivity(tracker);
setInterval(() => hints.isEmpty || showTyping(hints.expire(Date.now())), TYPING_CHECK_MS);
setInterval(() => view.refreshDue(), DUE_REFRESH_MS);
addEventListener("pagehide", () => { live.leave(); connection.stop(); });
addEventListener("pageshow", (event) => event.persisted && connection.resume());
addEventListener("online", () => connection.retryNow());
connection.start();
opener.follow();
startFinding(Object.assign(board, { view, moving, controls, opener, acts }));

function connectionChanged(change) {
  banner.show(change);
  presence?.showConnection(change.name);
  if (change.name === "connected") live.join();
  const isAway = change.name === "waiting" || change.name === "stopped";
  if (isAway && !hints.isEmpty) showTyping(hints.clear());
}

function changed(changes) {
  opener.panel?.hear(changes);
  acts.selection.hear(changes);
  archive?.hear(changes);
  board.filter?.changed(changes);
}

function joined({ role, thresholds, typing: marks = [] }) {
  tracker.setThresholds(thresholds);
  hints.lifeMs = typing.lifeMs = thresholds.typingSeconds * 1000;
  for (const mark of marks) if (mark.userId !== me) showTyping(hints.hear(mark, Date.now()));
  roleIs(role);
  opener.panel?.company.tellAgain();
  if (document.hidden) tracker.reportNow();
}

function membersChanged() {
  members.show();
  presence?.showMembers();
  roleIs(state.members.get(me)?.role ?? myRole);
}

/** The page was made for one role: a member has no panel in it, and a former head must lose it. */
function roleIs(role) {
  if (role === myRole) return;
  if (role === "member") return demoted();
  myRole = role;
  toast("You are now a head of this board.", { label: "Reload to see presence", run: () => location.reload() });
}

function revoked(reason) {
  if (reason === "demoted") return demoted();
  if (!byId("shell")) return; // said already: who deletes the board hears of it by the socket too
  presence?.stop();
  presence = null;
  connection.stop();
  tracker.stop();
  view.hold(); // what is still on its way has no place to be shown
  sayFarewell(reason);
}

function demoted() {
  if (myRole === "member") return;
  myRole = state.board.role = "member";
  presence?.stop();
  presence = null;
  for (const element of document.querySelectorAll(".head-only")) element.remove();
  members.show();
  toast("You are no longer a head of this board.");
}

function sessionEnded() {
  connection.stop();
  api.goToSignIn();
}

function showTyping(places) {
  view.showTyping(places);
  const board = hints.textFor(null);
  byId("board-typing").hidden = !board;
  setText(byId("board-typing").lastElementChild, board);
  opener.panel?.showTyping(opener.taskId ? hints.textFor(opener.taskId) : "");
}

function showOpenTask(id) {
  document.querySelector(".task.is-open")?.classList.remove("is-open");
  if (!id) return;
  view.cardOf(id)?.classList.add("is-open");
  view.cardOf(id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  showTyping([id]);
}
