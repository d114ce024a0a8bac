// Three versions of a task's words and dates: what the editing began from, what stands in the fields, and what somebody
// else saved. Pure. Fields are strings as the form shows them.
import { PRIORITIES } from "./card_facts.js";
import { fromLocalInput, toLocalInput } from "./due.js";

export const FIELDS = ["title", "description", "priority", "startAt", "dueAt"];
export const FIELD_NAMES = {
  title: "Title", description: "Description", priority: "Priority", startAt: "Start", dueAt: "Due",
};
export const DATES = ["startAt", "dueAt"];

export function fieldsOf({ title, description, priority, startAt, dueAt }) {
  return {
    title, description: description ?? "", priority: priority ?? "none",
    startAt: toLocalInput(startAt), dueAt: toLocalInput(dueAt),
  };
}

/** The fields that differ, as the server takes them; dates name the time zone in which they were meant. */
export function changedFields(base, draft, timeZone, fields = FIELDS) {
  const changes = {};
  for (const field of fields) if (draft[field] !== base[field]) changes[field] = draft[field];
  for (const field of DATES) if (field in changes) Object.assign(changes, { [field]: fromLocalInput(changes[field]), timeZone });
  return changes;
}

/** {draft, conflicts}: fields nobody here touched follow the others; fields changed on both sides are conflicts. */
export function mergeFields(base, draft, theirs) {
  const merged = { ...draft };
  const conflicts = [];
  for (const field of FIELDS) {
    if (draft[field] === base[field]) merged[field] = theirs[field];
    else if (theirs[field] !== base[field] && theirs[field] !== draft[field]) conflicts.push(field);
  }
  return { draft: merged, conflicts };
}

/** What a field says to a person; `when(moment)` puts a moment into words. */
export function fieldText(field, value, when) {
  if (!value) return "(empty)";
  if (field === "priority") return PRIORITIES[value];
  return DATES.includes(field) ? when(new Date(fromLocalInput(value))) : value;
}

/** {text, clean}: both changes of a text together, line by line; where they meet, theirs stands before mine. */
export function mergeText(base, mine, theirs) {
  const [from, left, right] = [base, mine, theirs].map((text) => text.split("\n"));
  const [toLeft, toRight] = [pairs(from, left), pairs(from, right)];
  const lines = [];
  let clean = true;
  let [f, l, r] = [0, 0, 0];
  for (const line of [...from.keys(), from.length]) {
    const stable = line === from.length || (toLeft.has(line) && toRight.has(line));
    if (!stable) continue;
    const [l2, r2] = line === from.length ? [left.length, right.length] : [toLeft.get(line), toRight.get(line)];
    const part = together(from.slice(f, line), left.slice(l, l2), right.slice(r, r2));
    lines.push(...part.lines);
    clean &&= part.clean;
    if (line < from.length) lines.push(from[line]);
    [f, l, r] = [line + 1, l2 + 1, r2 + 1];
  }
  return { text: lines.join("\n"), clean };
}

function together(from, mine, theirs) {
  const same = (a, b) => a.length === b.length && a.every((line, index) => line === b[index]);
  if (same(mine, theirs) || same(theirs, from)) return { lines: mine, clean: true };
  if (same(mine, from)) return { lines: theirs, clean: true };
  return { lines: [...theirs, ...mine], clean: false };
}

/** Lines that both have, in order: the longest such row, as a Map of index in `a` -> index in `b`. */
function pairs(a, b) {
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const found = new Map();
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) found.set(i++, j++);
    else if (length[i + 1][j] >= length[i][j + 1]) i += 1;
    else j += 1;
  }
  return found;
}
