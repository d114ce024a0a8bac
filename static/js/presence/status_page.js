// On pages without a socket of their own: the status menu by itself, and signs of life.
import { startSessionHeartbeat } from "./session_heartbeat.js";
import { startStatusMenu } from "./status_menu.js";

startStatusMenu();
startSessionHeartbeat();
