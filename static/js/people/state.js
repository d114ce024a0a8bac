// The directory as this page knows it: the people loaded, in the server's order, and what each of them lets the
// viewer see of their presence. Pure: no page, no clock, no socket.
import { describe, statusWord } from "../presence/people.js";

export const STATUSES = ["online", "busy", "away", "idle", "offline"];
export const MOST_WATCHED = 200; // the server takes no longer list
const NOWHERE = { boardPage: null }; // nobody is on the viewer's own page

export class Directory {
  people = new Map(); // user id -> as GET /api/people tells it, by name
  presence = new Map(); // user id -> as GET /api/presence/users tells it

  /** Takes a page of the list; answers those who are new. Somebody renamed meanwhile may come twice. */
  add(items) {
    const fresh = items.filter(({ userId }) => !this.people.has(userId));
    for (const person of items) this.people.set(person.userId, person);
    return fresh;
  }

  /**
   * Takes what was told of `users`; answers the ids of those who look different now. Of `asked` ids that were
   * not told of nothing is known any more: the person does not exist for this viewer now.
   */
  hear(users, asked = []) {
    const changed = new Set();
    const missing = new Set(asked);
    for (const user of users) {
      missing.delete(user.userId);
      if (same(this.presence.get(user.userId), user)) continue;
      this.presence.set(user.userId, user);
      changed.add(user.userId);
    }
    for (const id of missing) if (this.presence.delete(id)) changed.add(id);
    return changed;
  }

  statusOf(id) {
    return this.presence.get(id)?.status ?? null;
  }

  /** `status` is one of STATUSES, or "" for everybody. */
  isShown(id, status) {
    return status === "" || this.statusOf(id) === status;
  }

  /** How many of the people loaded have each status, as far as the viewer may know. */
  counts() {
    const counts = Object.fromEntries(STATUSES.map((status) => [status, 0]));
    for (const id of this.people.keys()) if (this.statusOf(id) in counts) counts[this.statusOf(id)] += 1;
    return counts;
  }

  /** Everybody on the page: the list and, when somebody's profile stays open beside another list, that person. */
  everybody(opened = null) {
    const ids = [...this.people.keys()];
    return opened && !this.people.has(opened) ? [opened, ...ids] : ids;
  }

  /** Whom to watch: as many around those in sight as the server takes, and whose profile is open. */
  watched(inSight, opened = null) {
    const ids = this.everybody();
    const places = ids.flatMap((id, place) => (inSight.has(id) ? [place] : []));
    const middle = places.length ? Math.round((places[0] + places.at(-1)) / 2) : 0;
    const start = Math.max(0, Math.min(ids.length, middle + MOST_WATCHED / 2) - MOST_WATCHED);
    const around = ids.slice(start, start + MOST_WATCHED);
    return opened && !around.includes(opened) ? [opened, ...around.slice(0, MOST_WATCHED - 1)] : around;
  }
}

const same = (a, b) => a !== undefined && Object.keys(b).every((key) => a[key] === b[key]);

/**
 * The words for somebody's presence: `word`, the dot, and which time follows it (`seen`: "" for how long ago).
 * Nothing is known before the first news. `withPage` also says which page they look at, where they allow it.
 */
export function describePresence(presence, { withPage = true } = {}) {
  if (!presence) return { word: "", dot: "" };
  if (presence.status === "offline") {
    return presence.lastSeen ? { word: "Offline · last seen ", dot: "offline", seen: "" } : { word: "Offline", dot: "offline" };
  }
  if (presence.isTyping) return { word: `${statusWord(presence.status)} · typing`, dot: "typing" };
  const said = describe({ ...presence, currentPage: withPage ? presence.currentPage : null }, NOWHERE);
  return { word: said.word, dot: said.dot, ...(said.seen ? { seen: "" } : {}) };
}

// As templates/people/macros.html says it; change both or neither.

/** What stands beside the name: who is not simply a team mate. */
export function tagOf(person, me) {
  if (person.userId === me) return "you";
  if (person.isGuest) return "guest";
  return person.email ? "" : person.organizations.join(", ");
}

/** What stands under the status of those who say nothing of themselves: where one knows them from. */
export function aboutOf(person) {
  if (person.email) return person.email;
  return person.sharedBoards.length ? `on ${person.sharedBoards.map(({ name }) => name).join(", ")}` : "";
}

export function roleOf(person) {
  if (person.isGuest) return "Guest";
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  return person.organizations.map((name, place) => `${capital(person.roles[place])} of ${name}`).join(" · ");
}
