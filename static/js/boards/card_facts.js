// What a card says below its title, in order. Pure.

export const PRIORITIES = { none: "No priority", low: "Low", medium: "Medium", high: "High", urgent: "Urgent" };
const MOST_FACES = 3;

/** [{kind, icon, text, words}]: `text` stands beside the icon, `words` is what it means. */
export function factsOf(task) {
  const { priority = "none", checklistTotal = 0, checklistDone = 0, commentCount = 0, linkCount = 0 } = task;
  return [
    task.completedAt && { kind: "done", icon: "check", text: "Done", words: "" },
    priority !== "none" && { kind: priority, icon: `priority-${priority}`, text: "", words: `${PRIORITIES[priority]} priority` },
    task.description && { kind: "described", icon: "align-left", text: "", words: "Has a description" },
    checklistTotal > 0 && {
      kind: checklistDone === checklistTotal ? "complete" : "checklist", icon: "checkbox",
      text: `${checklistDone}/${checklistTotal}`, words: "of the checklist done",
    },
    commentCount > 0 && { kind: "comments", icon: "message", text: String(commentCount), words: plural(commentCount, "comment") },
    linkCount > 0 && { kind: "links", icon: "link", text: String(linkCount), words: plural(linkCount, "link") },
  ].filter(Boolean);
}

/** {shown: members, more}: who is assigned and on the board, the first three by face. */
export function facesOf({ assigneeIds = [] }, members) {
  const people = assigneeIds.map((id) => members.get(id)).filter(Boolean);
  const shown = people.length > MOST_FACES + 1 ? people.slice(0, MOST_FACES) : people;
  return { shown, more: people.length - shown.length, names: people.map(({ name }) => name) };
}

/** The labels of a task in the board's order. */
export function labelsOf({ labelIds = [] }, labels) {
  return labelIds.length ? [...labels.values()].filter(({ id }) => labelIds.includes(id)) : [];
}

const plural = (count, word) => (count === 1 ? word : `${word}s`);
