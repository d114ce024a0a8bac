// Tells the outcome of an action: politely to screen readers, and visibly when it went wrong.

const TOAST_MS = 8_000;
const MOST_TOASTS = 3; // the oldest goes: they stand over the page

export function announce(text) {
  const region = document.getElementById("announcer");
  region.textContent = "";
  // An unchanged text would not be read again: give the emptied region a moment.
  setTimeout(() => { region.textContent = text; }, 50);
}

/** A short message at the edge of the page; `action` is {label, run, lifeMs?}: without an end it stays until dismissed. */
export function toast(text, action = null) {
  const element = document.createElement("div");
  element.className = "toast-note";
  element.append(Object.assign(document.createElement("p"), { textContent: text }));
  if (action) element.append(button(action.label, () => { element.remove(); action.run(); }));
  element.append(button("Dismiss", () => element.remove()));
  const toasts = document.getElementById("toasts");
  toasts.append(element);
  if (toasts.children.length > MOST_TOASTS) toasts.firstElementChild.remove();
  const lifeMs = action ? action.lifeMs : TOAST_MS;
  if (lifeMs) setTimeout(() => element.remove(), lifeMs);
}

function button(label, run) {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", className: "toast-button", textContent: label });
  element.addEventListener("click", run);
  return element;
}
