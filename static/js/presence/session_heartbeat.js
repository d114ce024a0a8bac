// On pages without a board: keeps the login session's last activity right by ordinary requests.
import * as api from "../lib/api.js";
import { ActivityTracker, pageClock, watchActivity } from "./activity.js";

let tracker = null;

export function startSessionHeartbeat() {
  if (tracker) return;
  const [idleSeconds, heartbeatSeconds] = document.querySelector("meta[name=heartbeat]").content.split(" ").map(Number);
  const report = ({ active, visible }) => {
    // Outlives the page like a beacon, which could not carry the CSRF token. A lost beat does no harm: the next says the same.
    api.post("/api/session/heartbeat", { active, visible, page: location.pathname }, { keepalive: true }).catch(() => {});
  };
  tracker = new ActivityTracker({ report, clock: pageClock, idleSeconds, heartbeatSeconds });
  watchActivity(tracker);
  addEventListener("pagehide", () => tracker.setVisible(false)); // where leaving is no change of visibility
  addEventListener("pageshow", ({ persisted }) => persisted && tracker.setVisible(true));
}
