// Wires the presence panel of a head: messages into the state, changed rows onto the page once per frame.
import { hearServerTime } from "../lib/clock.js";
import { byId, oncePerFrame } from "../lib/dom.js";
import { History } from "./history.js";
import { PresenceState } from "./state.js";
import { wireTabs } from "./tabs.js";
import { PresenceView } from "./view.js";

const COLUMN = matchMedia("(min-width: 1100px)"); // as in presence.css
const LIVE = {
  connected: ["waiting", "Loading"],
  waiting: ["lost", "Reconnecting"],
  connecting: ["waiting", "Connecting"],
  stopped: ["lost", "Stopped"],
};

/** `state` is the BoardState (names of tasks, who is a guest); `live.join()` asks for a new snapshot. */
export function startPresence({ socket, state, live }) {
  const boardId = state.board.id;
  const people = new PresenceState();
  const view = new PresenceView(people, {
    titleOf: (taskId) => state.tasks.get(taskId)?.title,
    isGuest: (userId) => state.members.get(userId)?.isGuest ?? false,
    get boardPage() { return `Board: ${state.board.name}`; },
  });
  const history = new History(boardId);
  const dirty = new Set();
  const show = oncePerFrame(() => {
    view.show(dirty);
    if (dirty.size) show();
  });

  const receive = (message) => {
    if (message.boardId !== boardId) return;
    hearServerTime(message.serverTime);
    const changesStatus = ({ userId, status }) => people.members.get(userId)?.status !== status;
    const news = message.kind === "delta" && message.members.some(changesStatus);
    const { changed, gap } = people.receive(message);
    for (const id of changed) dirty.add(id);
    if (changed.length) show();
    if (people.isLive) view.showLive("live", "Live");
    if (gap) live.join();
    if (news) history.hearNews();
  };
  socket.on("presence_dashboard", receive);
  const showMembers = () => {
    history.showMembers([...state.members.values()]);
    for (const id of people.members.keys()) dirty.add(id); // somebody may be a guest now, or none any more
    show();
  };
  const toColumn = () => byId("presence").matches(":popover-open") && byId("presence").hidePopover();
  COLUMN.addEventListener("change", toColumn);
  byId("presence-search").addEventListener("input", (event) => view.search(event.target.value));
  wireTabs(byId("presence").querySelector('[role="tablist"]'), (tab) => tab === "history-tab" && history.open());
  history.showMembers([...state.members.values()]);

  return {
    showMembers,
    showConnection(name) {
      if (name === "waiting" || name === "stopped") people.awaitSnapshot();
      if (!people.isLive) view.showLive(...LIVE[name]);
    },
    stop() {
      socket.off("presence_dashboard", receive);
      history.stop();
      COLUMN.removeEventListener("change", toColumn);
      byId("presence").remove();
    },
  };
}
