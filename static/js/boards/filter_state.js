// Which tasks a filter shows, and how it stands in the address. Pure: the time and who one is are arguments.

export const DUE = { overdue: "Overdue", today: "Due today", week: "Due within a week", none: "No due date" };
export const STATUS = { open: "Open", done: "Done" };
const WEEK_MS = 7 * 86_400_000;
const NOTHING = { q: "", labels: [], people: [], due: "", status: "" };

/** From the query of the address; what makes no sense is left out. */
export function readFilter(search) {
  const asked = new URLSearchParams(search);
  const list = (name) => [...new Set((asked.get(name) ?? "").split(",").filter(Boolean))];
  const known = (name, choices) => (Object.hasOwn(choices, asked.get(name)) ? asked.get(name) : "");
  return {
    q: (asked.get("q") ?? "").trim(), labels: list("labels"), people: list("people"),
    due: known("due", DUE), status: known("status", STATUS),
  };
}

/** `search` with this filter in it; other parts of it stay. */
export function writeFilter(search, filter) {
  const asked = new URLSearchParams(search);
  for (const name of Object.keys(NOTHING)) {
    const value = String(filter[name]);
    if (value) asked.set(name, value);
    else asked.delete(name);
  }
  const written = asked.toString().replaceAll("%2C", ",");
  return written ? `?${written}` : "";
}

export const isEmpty = (filter) => !Object.keys(NOTHING).some((name) => filter[name].length);

export const emptyFilter = () => ({ ...NOTHING });

/** All parts must fit; of several labels or people one is enough. "me" is oneself, "none" is nobody. */
export function fits(task, filter, { me, now, formats }) {
  const { labelIds = [], assigneeIds = [] } = task;
  return hasWords(task, filter.q)
    && (!filter.labels.length || filter.labels.some((id) => labelIds.includes(id)))
    && (!filter.people.length || filter.people.some((id) => (
      id === "none" ? !assigneeIds.length : assigneeIds.includes(id === "me" ? me : id))))
    && (!filter.due || isDue(task, filter.due, now, formats))
    && (!filter.status || Boolean(task.completedAt) === (filter.status === "done"));
}

export function countWords(shown, all) {
  return `${shown} of ${all} ${all === 1 ? "task" : "tasks"}`;
}

function hasWords({ title, description }, q) {
  if (!q) return true;
  const text = fold(`${title} ${description}`);
  return fold(q).split(/\s+/).every((word) => text.includes(word));
}

/** What is done is late for nothing, and due for nobody. */
function isDue({ dueAt, completedAt }, due, now, formats) {
  if (due === "none") return !dueAt;
  if (!dueAt || completedAt) return false;
  const at = new Date(dueAt);
  if (due === "overdue") return at < now;
  if (due === "today") return formats.dayKey(at) === formats.dayKey(now);
  return at >= now && at - now <= WEEK_MS;
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
