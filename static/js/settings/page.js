// The settings page: puts its sections together, with one socket for all of them.
import * as api from "../lib/api.js";
import { keepTimesFresh } from "../lib/clock.js";
import { Connection } from "../lib/connection.js";
import { wireDialogs } from "../lib/dialog.js";
import { byId } from "../lib/dom.js";
import { ask, boardSocket } from "../lib/socket.js";
import { startSessionHeartbeat } from "../presence/session_heartbeat.js";
import { startStatusMenu } from "../presence/status_menu.js";
import { startNotifications } from "./notifications.js";
import { Policies } from "./policies.js";
import { PresenceForm } from "./presence.js";
import { Preview } from "./preview.js";
import { followSections } from "./sections.js";
import { SettingsState } from "./state.js";
import { startSessions } from "./sessions.js";
import { startCalendar } from "./calendar.js";
import { startTokens } from "./tokens.js";

const { me, presence, notifications, preview: firstPreview, organizations, tokens, feed, sessions } = JSON.parse(byId("settings-data").textContent);
const state = new SettingsState(presence);
const preview = new Preview();
const owned = organizations.filter(({ role }) => role === "owner").map(({ id }) => id);
const policies = new Policies(new Set(owned), () => form.refresh());
const form = new PresenceForm(state, () => {
  policies.show(state.shown.policies);
  preview.changed();
});
const socket = boardSocket();
const connection = new Connection(socket, {
  refreshSession: api.refreshSession,
  onSessionEnded: sessionEnded,
  onState: ({ name }) => preview.showLive(name === "connected"), // nothing else is lost: changes are requests
});

wireDialogs();
keepTimesFresh();
followSections();
startSessionHeartbeat();
startStatusMenu(socket);
policies.show(presence.policies);
preview.show(firstPreview);
startTokens(tokens);
startNotifications(notifications);
startCalendar(feed);
startSessions(sessions);
socket.on("settings_changed", (settings) => form.hear(settings));
socket.on("presence_update", () => preview.refresh()); // of oneself: idle, typing elsewhere, another page
socket.on("connect", () => {
  form.refresh(); // for what was missed meanwhile
  ask(socket, "watch_users", { userIds: [me] }).catch(() => {}); // the next connection asks again
});
socket.on("session_ended", sessionEnded);
addEventListener("pagehide", () => connection.stop());
addEventListener("pageshow", (event) => event.persisted && connection.resume());
addEventListener("online", () => connection.retryNow());
connection.start();

function sessionEnded() {
  connection.stop();
  api.goToSignIn();
}
