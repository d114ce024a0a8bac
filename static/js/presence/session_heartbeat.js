// On pages without a board: keeps the login session's last activity right by ordinary requests.
import * as api from "../lib/api.js";
import { ActivityTracker, pageClock, watchActivity } from "./activity.js";

const IDLE_SECONDS = 300;
const HEARTBEAT_SECONDS = 120;

export function startSessionHeartbeat() {
  const report = ({ active, visible }) => {
    // A lost beat does no harm: the next one says the same.
    api.post("/api/session/heartbeat", { active, visible, page: location.pathname }, { keepalive: true }).catch(() => {});
  };
  const thresholds = { idleSeconds: IDLE_SECONDS, heartbeatSeconds: HEARTBEAT_SECONDS };
  watchActivity(new ActivityTracker({ report, clock: pageClock, ...thresholds }));
}
