// Links that are secrets: shown once, copied, forgotten when the dialog closes.
import { openDialog } from "../lib/dialog.js";
import { byId, setText } from "../lib/dom.js";

export function wireLinks() {
  byId("link-copy").addEventListener("click", copy);
  byId("link-dialog").addEventListener("close", () => { byId("link-value").value = ""; });
}

export function showLink(title, text, url) {
  setText(byId("link-title"), title);
  setText(byId("link-text"), text);
  setText(byId("link-copied"), "");
  byId("link-value").value = url;
  openDialog(byId("link-dialog"));
  byId("link-value").select();
}

async function copy() {
  const field = byId("link-value");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    setText(byId("link-copied"), "Copied.");
  } catch {
    setText(byId("link-copied"), "Press Ctrl+C to copy it.");
  }
}
