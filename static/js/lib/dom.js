// Small help with the page. Text goes in as text nodes only: no string ever becomes markup.

export const byId = (id) => document.getElementById(id);

/** The element a <template> describes. */
export function fromTemplate(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** An option for a <select>. */
export function option(value, text) {
  return Object.assign(document.createElement("option"), { value, textContent: text });
}

/** Moves `element` before `next`, keeping focus and caret when it holds them. */
export function place(parent, element, next) {
  if (element.parentNode === parent && element.nextElementSibling === next) return;
  if (parent.moveBefore && element.isConnected) {
    parent.moveBefore(element, next); // keeps focus by itself
    return;
  }
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const caret = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  parent.insertBefore(element, next);
  focused?.focus({ preventScroll: true });
  if (caret) focused.setSelectionRange(...caret);
}

/** Calls `run` at most once per frame, however often it is asked. */
export function oncePerFrame(run) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; run(); });
  };
}
