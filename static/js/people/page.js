// The directory: puts its parts together and lets them hear of each other.
import { announce } from "../lib/announce.js";
import { keepTimesFresh } from "../lib/clock.js";
import { byId, oncePerFrame, setText } from "../lib/dom.js";
import { startSessionHeartbeat } from "../presence/session_heartbeat.js";
import { Listing } from "./listing.js";
import { LivePresence } from "./live.js";
import { ProfilePanel } from "./panel.js";
import { Profile } from "./profile.js";
import { Directory, STATUSES } from "./state.js";
import { DirectoryView } from "./view.js";

const NEARLY_IN_SIGHT = "300px";
const LIVE = { live: "Live", lost: "Reconnecting", connecting: "Connecting" };

const { me, people, presence } = JSON.parse(byId("people-data").textContent);
const directory = new Directory();
const inSight = new Set();
const dirty = new Set();
let status = STATUSES.find((name) => name === new URLSearchParams(location.search).get("status")) ?? "";

const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inSight.add(target.dataset.userId);
    else inSight.delete(target.dataset.userId);
  }
  live.watchAgain();
}, { rootMargin: NEARLY_IN_SIGHT });

directory.add(people);
directory.hear(presence); // as the server has drawn it
const profile = new Profile(document.querySelector(".profile"), me);
const live = new LivePresence({
  watched: () => directory.watched(inSight, profile.userId),
  everybody: () => directory.everybody(profile.userId),
  hear: (users, asked) => show(directory.hear(users, asked)),
  onState: showLive,
});
const listing = new Listing({ onReplaced: replace, onAdded: add, size: () => directory.people.size });
const view = new DirectoryView(directory, {
  me,
  hasMore: () => listing.hasMore,
  onCard: (element) => sight.observe(element),
  onCounts: showEmptiness,
});
const panel = new ProfilePanel(profile, {
  find: (id) => directory.people.get(id),
  cardOf: (id) => view.cardOf(id),
  onOpen: showOpened,
});
const showDirty = oncePerFrame(() => {
  view.show(dirty);
  if (dirty.size) showDirty();
});

byId("people").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain) return;
  event.preventDefault();
  panel.open(link.closest("[data-user-id]").dataset.userId);
});
byId("people-filter").addEventListener("click", (event) => {
  const pill = event.target.closest("[data-show]");
  if (pill) choose(pill.dataset.show);
});
for (const element of [byId("people-filter"), byId("people-live")]) element.hidden = false;
view.filter(status);
view.showCounts();
keepTimesFresh();
startSessionHeartbeat();
live.start();

function show(ids) {
  for (const id of ids) dirty.add(id);
  if (ids.size) showDirty();
  if (ids.has(profile.userId)) profile.hear(directory.presence.get(profile.userId));
}

function replace(items) {
  directory.people.clear();
  sight.disconnect();
  inSight.clear();
  view.clear();
  add(items);
  keepAddress();
}

function add(items) {
  view.add(directory.add(items));
  live.watchAgain();
  listing.goOn();
}

function choose(name) {
  status = name;
  const found = view.filter(name);
  keepAddress();
  showEmptiness();
  announce(`${name || "All"}: ${found} ${found === 1 ? "person" : "people"}.`);
}

function keepAddress() {
  panel.listIsAt(listing.address(status));
}

/** What stands in the place of cards, when there are none to see, or only one's own. */
function showEmptiness() {
  const size = directory.people.size;
  byId("people-none").hidden = size > 0;
  setText(byId("people-none-text"), listing.isNarrowed ? "Nobody you work with matches this search." : "");
  byId("people-quiet").hidden = size === 0 || view.shown > 0;
  setText(byId("people-quiet"), `Nobody here is ${status} right now.`);
  byId("people-alone").hidden = size !== 1 || listing.isNarrowed || listing.hasMore || !directory.people.has(me);
}

function showOpened(id) {
  document.querySelector(".card-person.is-open")?.classList.remove("is-open");
  view.cardOf(id)?.classList.add("is-open");
  if (id) profile.hear(directory.presence.get(id));
  live.watchAgain();
}

function showLive(state) {
  byId("people-live").dataset.state = state;
  setText(byId("people-live").lastElementChild, LIVE[state]);
}
