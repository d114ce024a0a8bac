// Which keys there are, for the sheet. Pure.

const ARROWS = ["←", "↑", "↓", "→"];

/** [{name, keys: [[[keys of one combination], ...], what they do]}] */
export function sheetFor({ isBoard, isMac }) {
  const ctrl = isMac ? "⌘" : "Ctrl";
  const alt = isMac ? "⌥" : "Alt";
  const everywhere = { name: "Everywhere", keys: [
    [[[ctrl, "K"]], "Search, go to a board, task, person or page"],
    [[["?"]], "This sheet"],
  ] };
  return isBoard ? [everywhere, ...board(alt)] : [everywhere];
}

const board = (alt) => [
  { name: "On a board", keys: [
    [[["N"]], "New task in the list one is in"],
    [[["/"], ["F"]], "Filter the tasks"],
    [[ARROWS], "To the next task or list"],
  ] },
  { name: "On a task", keys: [
    [[["Enter"]], "Open it"],
    [[["E"]], "Edit its title"],
    [[["D"]], "Done, or open again"],
    [[["L"]], "Labels"],
    [[["X"]], "Select, to change many at once"],
    [[["A"]], "Who does it"],
    [[["C"]], "Comment"],
    [[["M"]], "Move to a list and position"],
    [[["Delete"]], "Delete it"],
  ] },
  { name: "Moving a task, or a list by its name", keys: [
    [[["Space"]], "Pick up; again to put down"],
    [[ARROWS], "Carry it"],
    [[["Esc"]], "Put it back where it was"],
    [[[alt, ...ARROWS]], "Move at once, without picking up"],
  ] },
];
