// The description of the open task: read as the server renders its Markdown, written as plain text.
import * as api from "../lib/api.js";
import { byId, setText } from "../lib/dom.js";
import { showMarkup } from "../lib/markup.js";

const WORDS = { read: "Edit", write: "Preview" };

export class Description {
  #field = byId("task-description");
  #shown = byId("task-description-shown");
  #toggle = byId("task-description-toggle");
  #known = { markdown: "", html: "" }; // what the server has rendered last
  #rendered = null; // the Markdown of what is shown
  #asked = 0;

  constructor() {
    this.#toggle.addEventListener("click", () => this.#isReading ? this.edit(true) : this.#read());
    this.#field.addEventListener("input", () => this.#showToggle());
  }

  /** Of another task: plain until its rendering comes. Who finds nothing to read may write at once. */
  open(markdown) {
    this.#rendered = null;
    this.#known = { markdown: "", html: "" };
    this.edit();
    if (markdown) this.#showPlain(markdown);
  }

  hear(markdown, html) {
    this.#known = { markdown, html };
    if (this.#isReading) this.#read();
  }

  /** The text changed by itself: shown rendered, unless somebody is writing here. */
  refresh(isSaved) {
    const isWriting = document.activeElement === this.#field;
    if ((this.#isReading && this.#rendered !== null) || (isSaved && !isWriting && this.#field.value)) this.#read();
    this.#showToggle();
  }

  saved() {
    if (this.#field.value && document.activeElement !== this.#field) this.#read();
  }

  edit(focus = false) {
    this.#asked += 1; // what is still being rendered comes too late
    this.#shown.hidden = true;
    this.#field.hidden = false;
    this.#showToggle();
    if (focus) this.#field.focus();
  }

  get #isReading() {
    return !this.#shown.hidden;
  }

  async #read() {
    const markdown = this.#field.value;
    if (!markdown.trim()) return this.edit();
    const asked = ++this.#asked;
    if (this.#isReading && this.#rendered === markdown) return;
    try {
      if (this.#known.markdown !== markdown) {
        const { html } = await api.post("/api/markdown", { text: markdown });
        if (asked !== this.#asked || this.#field.value !== markdown) return;
        this.#known = { markdown, html };
      }
      showMarkup(this.#shown, this.#known.html);
      this.#rendered = markdown;
    } catch {
      return asked === this.#asked && this.#showPlain(markdown);
    }
    this.#showRead();
  }

  /** The words themselves, while there is no rendering. */
  #showPlain(markdown) {
    this.#rendered = null;
    this.#shown.textContent = markdown;
    this.#showRead();
  }

  #showRead() {
    this.#shown.hidden = false;
    this.#field.hidden = true;
    this.#showToggle();
  }

  #showToggle() {
    this.#toggle.hidden = !this.#isReading && !this.#field.value.trim();
    setText(this.#toggle, this.#isReading ? WORDS.read : WORDS.write);
  }
}
