// The bell: how much is unread, kept right by the page's socket or by asking once a minute. The list is fetched
// when somebody is about to open it.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { byId } from "../lib/dom.js";

const REFRESH_MS = 60_000;

export function startBell(socket = null) {
  const bell = byId("bell");
  let list = null;
  let loading = null;

  const show = (count) => {
    byId("bell-count").textContent = count > 99 ? "99+" : count || "";
    byId("bell-count").hidden = !count;
    byId("bell-words").textContent = count ? `, ${count} unread` : "";
  };
  const refresh = () => api.get("/api/notifications/count").then(({ unreadCount }) => show(unreadCount), () => {});
  const load = () => {
    loading ??= import("./list.js").then(({ NotificationList }) => { list = new NotificationList(show); }).catch(() => { loading = null; });
    return loading;
  };
  const hear = ({ notification, unreadCount }) => {
    show(unreadCount);
    list?.hear(notification);
    if (notification) announce("You have a new notification.");
  };

  for (const event of ["pointerenter", "focus"]) bell.addEventListener(event, load);
  byId("bell-menu").addEventListener("beforetoggle", async ({ newState }) => {
    if (newState !== "open") return;
    await load();
    list?.open();
  });
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  if (socket) {
    socket.on("notification", hear);
    for (const event of ["connect", "access_revoked"]) socket.on(event, refresh); // missed, or lost with a board
    return;
  }
  refresh();
  setInterval(() => document.hidden || refresh(), REFRESH_MS);
}
