// The one place where markup enters a page: HTML that the server made of Markdown and cleaned (app/boards/markdown.py).
// The content security policy knows this policy by name and lets no other one be made.

const policy = globalThis.trustedTypes?.createPolicy("server-markup", { createHTML: (html) => html });

/** `html` must be an answer of the server that it names as HTML; never what a person typed. */
export function showMarkup(element, html) {
  element.innerHTML = policy ? policy.createHTML(html) : html;
}
