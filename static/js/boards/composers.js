// Adding tasks and lists: a button that turns into a small form. Enter adds and stays for the next one.
import { announce } from "../lib/announce.js";

/** `add(text)` asks the server; `onTyping` and `onTypingEnd` tell that one is writing. */
export function wireComposer(root, { add, onTyping, onTypingEnd }) {
  const open = root.querySelector(".composer-open");
  const form = root.querySelector("form");
  const field = form.elements.text;
  const error = form.querySelector(".field-error");

  const close = () => {
    form.hidden = true;
    open.hidden = false;
    error.hidden = true;
    onTypingEnd();
    open.focus();
  };
  open.addEventListener("click", () => {
    form.hidden = false;
    open.hidden = true;
    field.focus();
    form.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  form.querySelector(".composer-cancel").addEventListener("click", close);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key !== "Enter" || event.shiftKey || event.target !== field || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  field.addEventListener("input", onTyping);
  field.addEventListener("blur", onTypingEnd);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || field.readOnly) return;
    field.readOnly = true; // kept until the server has it
    error.hidden = true;
    try {
      await add(text);
      field.value = "";
      onTypingEnd();
      announce(`Added “${text}”.`);
      form.scrollIntoView({ block: "nearest", inline: "nearest" });
    } catch (refusal) {
      error.textContent = refusal.message;
      error.hidden = false;
    }
    field.readOnly = false;
    field.focus();
  });
}
