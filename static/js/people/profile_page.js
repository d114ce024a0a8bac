// The page of one person: the profile by itself, live.
import { byId } from "../lib/dom.js";
import { keepTimesFresh } from "../lib/clock.js";
import { startSessionHeartbeat } from "../presence/session_heartbeat.js";
import { LivePresence } from "./live.js";
import { Profile } from "./profile.js";
import { Directory } from "./state.js";

const { me, people: [person], presence } = JSON.parse(byId("people-data").textContent);
const directory = new Directory();
const profile = new Profile(document.querySelector(".profile"), me);
const live = new LivePresence({
  watched: () => [person.userId],
  everybody: () => [person.userId],
  hear,
  onState: () => {},
});

directory.add([person]);
profile.open(person);
hear(presence);
keepTimesFresh();
startSessionHeartbeat();
live.start();

function hear(users, asked) {
  if (directory.hear(users, asked).size) profile.hear(directory.presence.get(person.userId));
}
