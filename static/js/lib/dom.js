// Small help with the page. Text goes in as text nodes only: no string ever becomes markup.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** The element a <template> describes. */
export function fromTemplate(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** An element with properties (`data` goes to its dataset) and what stands in it: elements and texts. */
export function element(tag, { data = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

/** One of the icons in templates/icons.html. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "use"));
  svg.firstChild.setAttribute("href", `#icon-${name}`);
  return svg;
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
