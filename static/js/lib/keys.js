// Keys as people mean them. Pure: reads the event and where it happened, changes nothing.

const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";

/** Whether a key pressed there writes something, or belongs to a menu or list that has the focus. */
export function isForWriting(target) {
  return Boolean(target?.closest?.(`${FIELDS}, [role=menu], [role=listbox], [role=tablist], [role=combobox]`));
}

/** A single key, alone: "d", "?", "ArrowUp"; null with Ctrl, Alt or Cmd, while composing, or held down. */
export function plainKey({ key, ctrlKey, altKey, metaKey, isComposing, repeat }) {
  if (ctrlKey || altKey || metaKey || isComposing || (repeat && key.length === 1)) return null;
  return key.length === 1 ? key.toLowerCase() : key;
}

export const isPaletteKey = ({ key, ctrlKey, metaKey, altKey, shiftKey }) =>
  (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k";
