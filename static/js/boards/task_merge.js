// Three versions of a task's text: what the editing began from, what stands in the fields, and what somebody else saved.
// Pure. Fields are strings as the form shows them.
import { fromLocalInput, toLocalInput } from "./due.js";

export const FIELDS = ["title", "description", "dueAt"];
export const FIELD_NAMES = { title: "Title", description: "Description", dueAt: "Due" };

export function fieldsOf({ title, description, dueAt }) {
  return { title, description: description ?? "", dueAt: toLocalInput(dueAt) };
}

/** The fields that differ, as the server takes them. */
export function changedFields(base, draft) {
  const changes = {};
  for (const field of FIELDS) if (draft[field] !== base[field]) changes[field] = draft[field];
  if ("dueAt" in changes) changes.dueAt = fromLocalInput(changes.dueAt);
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
