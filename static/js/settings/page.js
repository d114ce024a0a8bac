// The settings page: puts its sections together, with one socket for all of them.
import * as api from "../lib/api.js";
import { keepTimesFresh } from "../lib/clock.js";
import { Connection } from "../lib/connection.js";
import { wireDialogs } from "../lib/dialog.js";
import { boardSocket } from "../lib/socket.js";
import { startSessionHeartbeat } from "../presence/session_heartbeat.js";
import { startStatusMenu } from "../presence/status_menu.js";
import { followSections } from "./sections.js";

const socket = boardSocket();
const connection = new Connection(socket, {
  refreshSession: api.refreshSession,
  onSessionEnded: sessionEnded,
  onState: () => {}, // nothing here is lost with the socket: changes are saved by requests
});

wireDialogs();
keepTimesFresh();
followSections();
startSessionHeartbeat("Settings");
startStatusMenu(socket);
socket.on("session_ended", sessionEnded);
addEventListener("pagehide", () => connection.stop());
addEventListener("pageshow", (event) => event.persisted && connection.resume());
addEventListener("online", () => connection.retryNow());
connection.start();

function sessionEnded() {
  connection.stop();
  api.goToSignIn();
}
