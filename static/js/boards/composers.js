// Adding tasks and lists: a button that turns into a small form. Enter adds and stays for the next one.
import { announce } from "../lib/announce.js";
import { setText } from "../lib/dom.js";
import { quickAdd } from "./quick_add.js";

/**
 * `add(texts)` asks the server, with one text, or with one for each line where `several` are taken; `onTyping` and
 * `onTypingEnd` tell that one is writing.
 */
export function wireComposer(root, { add, several = false, onTyping, onTypingEnd }) {
  const open = root.querySelector(".composer-open");
  const form = root.querySelector("form");
  const field = form.elements.text;
  const error = form.querySelector(".field-error");
  const note = form.querySelector(".composer-note");
  const tell = () => {
    const { words } = quickAdd(field.value, several);
    note.hidden = !words;
    setText(note, words);
  };

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
  field.addEventListener("input", () => { onTyping(); tell(); });
  field.addEventListener("blur", onTypingEnd);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { texts, problem } = quickAdd(field.value, several);
    if (!texts.length || field.readOnly) return;
    error.hidden = !problem;
    setText(error, problem);
    if (problem) return;
    field.readOnly = true; // kept until the server has it
    try {
      await add(texts);
      field.value = "";
      tell();
      onTypingEnd();
      announce(texts.length === 1 ? `Added “${texts[0]}”.` : `Added ${texts.length} tasks.`);
      form.scrollIntoView({ block: "nearest", inline: "nearest" });
    } catch (refusal) {
      error.textContent = refusal.message;
      error.hidden = false;
    }
    field.readOnly = false;
    field.focus();
  });
}
