// Edits a short text in its place: Enter saves, Escape gives up, leaving the field saves.

/** `save(text)` may throw an error with a message: the field then stays open with the words typed. */
export function editInPlace(heading, { label, maxLength, save, returnFocus }) {
  const input = Object.assign(document.createElement("input"), {
    className: "form-control inline-edit", value: heading.textContent, maxLength, type: "text",
  });
  input.setAttribute("aria-label", label);
  const note = Object.assign(document.createElement("p"), { className: "field-error", hidden: true });
  note.setAttribute("role", "alert");
  let settled = false;

  const close = (focusBack) => {
    settled = true;
    input.remove();
    note.remove();
    heading.hidden = false;
    if (focusBack) returnFocus?.focus();
  };
  const finish = async (focusBack) => {
    const text = input.value.trim();
    if (settled) return;
    if (!text || text === heading.textContent) return close(focusBack);
    settled = true;
    input.readOnly = true;
    try {
      await save(text);
      close(focusBack);
    } catch (error) {
      settled = false;
      input.readOnly = false;
      note.textContent = error.message;
      note.hidden = false;
      input.focus();
    }
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
    if (event.key !== "Enter") return;
    event.preventDefault();
    finish(true);
  });
  input.addEventListener("blur", () => finish(false));
  heading.hidden = true;
  heading.after(input, note);
  input.select();
}
