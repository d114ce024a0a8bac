// What a notification says. Pure.

/** {who, what, where}: "Maya Rahman", "mentioned you in Write the plan", "Launch". */
export function wordsOf({ kind, actor, task, board, dueAt }, dueWords) {
  const name = task?.name ?? "";
  const what = {
    mention: `mentioned you in ${name}`,
    assigned: `assigned you to ${name}`,
    comment: `commented on ${name}`,
    board_added: `added you to the board ${board.name}`,
  };
  if (kind === "due_soon") return { who: "", what: `${name} is due ${dueAt ? dueWords(dueAt) : "soon"}`, where: board.name };
  return { who: actor?.name ?? "Somebody", what: what[kind] ?? name, where: kind === "board_added" ? "" : board.name };
}

export function pathOf({ task, board }) {
  return `/boards/${board.id}${task ? `#/tasks/${task.id}` : ""}`;
}
