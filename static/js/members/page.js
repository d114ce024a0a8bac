// User management: puts its parts together. Searching, sorting and paging are plain addresses.
import { keepTimesFresh } from "../lib/clock.js";
import { wireDialogs } from "../lib/dialog.js";
import { byId, setText } from "../lib/dom.js";
import { startSessionHeartbeat } from "../presence/session_heartbeat.js";
import { Changes } from "./changes.js";
import { Invitations } from "./invitations.js";
import { wireLinks } from "./links.js";
import { LiveMembers } from "./live.js";
import { Members } from "./state.js";
import { wireThresholds } from "./thresholds.js";
import { Table } from "./view.js";

const LIVE = { live: "Live", lost: "Reconnecting", connecting: "Connecting" };

const { organizationId, members: first, invitations, thresholds } = JSON.parse(byId("members-data").textContent);
const members = new Members(first);
const table = new Table(byId("members"));

wireDialogs();
wireLinks();
keepTimesFresh();
startSessionHeartbeat();
wireThresholds(organizationId, thresholds);
new Invitations(organizationId, invitations, showProblem);
new Changes(organizationId, { members, table, onChanged: changed, onProblem: showProblem });
for (const field of byId("members-filters").querySelectorAll("select")) {
  field.addEventListener("change", () => byId("members-filters").requestSubmit());
}
new LiveMembers(organizationId, { ids: () => members.ids, hear, onState: showLive }).start();

function changed(users) {
  byId("members-problem").hidden = true;
  hear(users);
}

function hear(users) {
  for (const member of members.hear(users)) table.show(member, true);
}

function showProblem(error) {
  setText(byId("members-problem"), error.message);
  byId("members-problem").hidden = false;
  byId("members-problem").scrollIntoView({ block: "nearest" });
}

function showLive(state) {
  byId("members-live").hidden = false;
  byId("members-live").dataset.state = state;
  setText(byId("members-live").lastElementChild, LIVE[state]);
}
