// How people are grouped, ordered, found and described in the panel. Pure.

export const GROUPS = ["active", "idle", "offline"];
const GROUP_OF = { online: "active", busy: "active", idle: "idle", away: "idle" };
const WORDS = { online: "Online", idle: "Idle", away: "Away", busy: "Busy", offline: "Offline" };
const ENDING = { busy: { word: "Busy until ", seen: "until" }, away: { word: "Away · back ", seen: "back" } };
const names = new Intl.Collator(undefined, { sensitivity: "base" });

export const groupOf = (member) => GROUP_OF[member.status] ?? "offline";
export const statusWord = (status) => WORDS[status] ?? "Offline";

export function countGroups(members) {
  const counts = { active: 0, idle: 0, offline: 0 };
  for (const member of members) counts[groupOf(member)] += 1;
  return counts;
}

/** Active people by name, so that nobody jumps about while working; the others with the latest seen first. */
export function compareMembers(a, b) {
  const recent = groupOf(a) === "active" ? 0 : compareText(b.lastSeen ?? "", a.lastSeen ?? "");
  return recent || names.compare(a.name, b.name) || compareText(a.userId, b.userId);
}

const compareText = (a, b) => (a === b ? 0 : a < b ? -1 : 1);

/** Every word of the query is part of the name, whatever the accents. */
export function matches(member, query) {
  const name = fold(member.name);
  return fold(query).split(/\s+/).every((word) => name.includes(word));
}

const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().trim();

/**
 * What a row says of its person, without the times: the words, the dot, the task typed in, which time follows
 * (`exact` or `relative`: last seen; `until` or `back`: the end of the status), and `unsaid`, the status as a
 * word where the visible words do not name it.
 */
export function describe(member, { titleOf, boardPage }) {
  const status = statusWord(member.status);
  const group = groupOf(member);
  if (member.reconnecting) return { word: "leaving…", dot: member.status, unsaid: status };
  if (group === "offline") {
    // Without a moment: never here, or not shown. The two must not be told apart.
    if (!member.lastSeen) return { word: status, dot: "offline" };
    return { word: "last seen ", dot: "offline", seen: "exact", unsaid: status };
  }
  if (member.typing) return { ...describeTyping(member, titleOf), unsaid: status };
  if (member.statusUntil && member.status in ENDING) return { ...ENDING[member.status], dot: member.status };
  if (member.status === "idle" && member.lastSeen) return { word: `${status} · active `, dot: member.status, seen: "relative" };
  const elsewhere = member.currentPage && member.currentPage !== boardPage;
  return { word: elsewhere ? `${status} · ${member.currentPage}` : status, dot: member.status };
}

function describeTyping(member, titleOf) {
  const title = member.taskId ? titleOf(member.taskId) : null;
  if (!title) return { word: "Typing", dot: "typing" };
  return { word: "Typing in ", dot: "typing", task: { id: member.taskId, title } };
}
