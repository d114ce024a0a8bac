// A field to write a comment in: completes names, keeps what was typed until it is sent, says what went wrong.
import { clearErrors, showErrors } from "../lib/forms.js";
import { decode, encode } from "./comments_state.js";
import { MentionBox } from "./mention_box.js";

const LONGEST = 10_000;
let forms = 0;

export class CommentForm {
  #sending = false;

  /**
   * `label` names the field and `button` the act; `draft` {load(), save(text)} keeps what is not sent yet; `send(body)`
   * answers when it is, or throws; `people()` can be mentioned; `cancel` (if any) is offered.
   */
  constructor({ label, button, draft, send, people, cancel = null, hooks = {} }) {
    Object.assign(this, { draft, send, people, hooks });
    forms += 1;
    this.element = document.createElement("form");
    this.element.className = "comment-form";
    this.element.noValidate = true;
    this.field = Object.assign(document.createElement("textarea"), {
      className: "form-control", name: "body", rows: 2, maxLength: LONGEST, id: `comment-field-${forms}`,
      placeholder: "Write a comment. @ mentions somebody.",
    });
    this.field.setAttribute("aria-label", label);
    this.field.setAttribute("aria-describedby", `comment-error-${forms}`);
    const error = Object.assign(document.createElement("p"), { className: "field-error", id: `comment-error-${forms}`, hidden: true });
    error.setAttribute("role", "alert");
    error.dataset.errorFor = "body";
    this.rest = Object.assign(document.createElement("p"), { className: "field-error", hidden: true });
    this.rest.setAttribute("role", "alert");
    this.rest.dataset.errorFor = "";
    const row = Object.assign(document.createElement("div"), { className: "comment-actions" });
    this.button = Object.assign(document.createElement("button"), { type: "submit", className: "btn btn-primary btn-sm", textContent: button });
    row.append(this.button);
    if (cancel) row.append(cancelButton(cancel));
    this.element.append(this.field, error, this.rest, row);
    this.box = new MentionBox(this.field, people);
    this.show(draft.load());
    this.field.addEventListener("input", () => { this.#grow(); draft.save(this.field.value); hooks.onTyping?.(); });
    this.field.addEventListener("blur", () => hooks.onTypingEnd?.());
    this.field.addEventListener("keydown", (event) => this.#key(event, cancel));
    this.element.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
  }

  /** `body` as the server keeps it, or a draft. */
  show(body) {
    const { text, chosen } = decode(body, this.people());
    this.field.value = text;
    for (const [name, id] of chosen) this.box.chosen.set(name, id);
    this.#grow();
  }

  showError(error) {
    showErrors(this.element, error);
  }

  async #submit() {
    const text = this.field.value.trim();
    if (this.#sending) return;
    clearErrors(this.element);
    if (!text) return showErrors(this.element, { errors: [{ field: "body", message: "Write something first." }] });
    this.#sending = this.field.readOnly = true;
    this.button.setAttribute("aria-disabled", "true");
    try {
      await this.send(encode(text, this.people(), this.box.chosen));
      this.field.value = "";
      this.draft.save("");
      this.hooks.onTypingEnd?.();
      this.#grow();
    } catch (error) {
      this.showError(error);
    } finally {
      this.#sending = this.field.readOnly = false;
      this.button.removeAttribute("aria-disabled");
    }
  }

  #key(event, cancel) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && cancel) {
      event.preventDefault();
      event.stopPropagation(); // the panel stays
      cancel();
    }
  }

  /** As high as its words, up to a point. */
  #grow() {
    this.field.rows = Math.min(12, Math.max(2, this.field.value.split("\n").length));
  }
}

function cancelButton(cancel) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "Cancel" });
  button.addEventListener("click", cancel);
  return button;
}
