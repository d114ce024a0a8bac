// The attendance of an organization: puts its parts together and lets them hear of each other.
import { toast } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { hearServerTime } from "../lib/clock.js";
import { wireDialogs } from "../lib/dialog.js";
import { byId } from "../lib/dom.js";
import { startSessionHeartbeat } from "../presence/session_heartbeat.js";
import { wireCorrections, wireDeletion, wireLock } from "./acts.js";
import { Filters } from "./filters.js";
import { Online } from "./online.js";
import { Pace, apiQuery, zoneFormats } from "./state.js";
import { Tree } from "./tree.js";

const PAGE = 50;
const SETTLE_MS = 2_000;
const PACE_MS = 5_000;

const begin = JSON.parse(byId("attendance-data").textContent);
hearServerTime(begin.countedAt);
const formats = zoneFormats(begin.timeZone);
const filters = new Filters(begin, () => reload());
const tree = new Tree(byId("tree"), begin, formats, {
  filters: () => filters.values,
  onCorrect: wireCorrections(formats, () => refresh()),
  onError: (error) => toast(error.message),
});
const pace = new Pace(() => refresh(), { settleMs: SETTLE_MS, paceMs: PACE_MS, clock: () => performance.now() });
const online = new Online(begin, formats, () => pace.ask());
let people = begin.people;
let cursor = begin.nextCursor;
let round = 0;

wireDialogs();
wireDeletion(begin, () => filters.values, () => refresh());
wireLock(begin, () => refresh());
byId("tree-more").firstElementChild.addEventListener("click", () => more());
byId("export-split").addEventListener("change", keepLinks);
show(begin);
keepLinks();
startSessionHeartbeat();
online.start();

/** Other people or days: what was open is closed. */
async function reload() {
  byId("tree").replaceChildren();
  keepLinks();
  await load(PAGE);
}

/** The same again: what was open stays open. */
async function refresh() {
  if (await load(Math.min(100, Math.max(PAGE, people.length)))) await tree.refreshOpened();
}

async function load(limit) {
  const mine = ++round;
  try {
    const answer = await api.get(`/api/attendance?${apiQuery(filters.values, begin, { limit })}`);
    if (mine !== round) return false;
    ({ items: people, nextCursor: cursor } = answer);
    show(answer);
    return true;
  } catch (error) {
    if (mine === round) toast(error.message);
    return false;
  }
}

async function more() {
  const mine = ++round;
  try {
    const answer = await api.get(`/api/attendance?${apiQuery(filters.values, begin, { limit: PAGE, cursor })}`);
    if (mine !== round) return;
    people = [...people, ...answer.items];
    cursor = answer.nextCursor;
    show(answer);
  } catch (error) {
    toast(error.message);
  }
}

function show({ countedAt }) {
  tree.showPeople(people, countedAt);
  byId("tree-more").hidden = cursor === null;
  byId("tree-none").hidden = people.length > 0;
}

/** Files hold what the page shows. */
function keepLinks() {
  const overnight = byId("export-split").checked ? { overnight: "split" } : {};
  byId("export-xlsx").href = `/api/attendance/export.xlsx?${apiQuery(filters.values, begin, overnight)}`;
  for (const link of document.querySelectorAll("[data-sheet]")) {
    const { sheet, decimal } = link.dataset;
    link.href = `/api/attendance/export.csv?${apiQuery(filters.values, begin, { ...overnight, sheet, decimal })}`;
  }
}
