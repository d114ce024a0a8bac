// What an entry of a task's feed says. Pure: who has which name, and how moments are said, are arguments.
import { PRIORITIES } from "./card_facts.js";

/** `context`: nameOf(userId), labelOf(labelId), when(iso). Entries of a kind this page does not know say only that. */
export function feedWords({ kind, details = {} }, context) {
  return (WORDS[kind] ?? (() => `changed the task (${kind})`))(details, context);
}

const quoted = (text) => (text ? ` “${text}”` : "");
const person = ({ userId, name }, { nameOf }) => nameOf(userId) ?? name ?? "somebody who left";
const label = ({ labelId, name }, { labelOf }) => quoted(labelOf(labelId) ?? name);

const CHECKED = {
  added: "added", removed: "removed", reworded: "changed the words of", done: "ticked", undone: "unticked",
};

const WORDS = {
  created: () => "created the task",
  renamed: ({ from }) => `renamed it${from ? `, it was${quoted(from)}` : ""}`,
  described: () => "changed the description",
  moved: ({ from, to }) => `moved it${from ? ` from ${from}` : ""}${to ? ` to ${to}` : ""}`,
  dated: ({ startAt, dueAt }, { when }) => {
    const said = [startAt && `start ${when(startAt)}`, dueAt && `due ${when(dueAt)}`].filter(Boolean);
    return said.length ? `set ${said.join(", ")}` : "took the dates off";
  },
  prioritized: ({ to }) => `set the priority to ${(PRIORITIES[to] ?? "another one").toLowerCase()}`,
  completed: () => "marked it done",
  reopened: () => "opened it again",
  archived: () => "archived it",
  unarchived: () => "took it out of the archive",
  assigned: (details, context) => `assigned ${person(details, context)}`,
  unassigned: (details, context) => `no longer has ${person(details, context)} on it`,
  labeled: (details, context) => `added the label${label(details, context)}`,
  unlabeled: (details, context) => `took off the label${label(details, context)}`,
  checklist: ({ what, text, count }) => {
    if (count > 1) return `${CHECKED[what] ?? "changed"} ${count} items of the checklist`;
    return `${CHECKED[what] ?? "changed"}${quoted(text)} in the checklist`;
  },
  linked: ({ title, url }) => `added the link${quoted(title || url)}`,
  unlinked: ({ title, url }) => `removed the link${quoted(title || url)}`,
  copied: () => "made it as a copy",
  restored: () => "undid its deletion",
};
