// Elements for parts of a page that are made when they are needed.

/** `properties` are those of the element itself (className, not class); children are elements or texts. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
