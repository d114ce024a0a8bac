// The part of the account menu that changes the custom status: an emoji, a few words, and when they end.
import { byId, setText } from "../lib/dom.js";
import { clearErrors, showErrors } from "../lib/forms.js";
import { EMOJI } from "./emoji.js";
import { wireEmojiPicker } from "./emoji_picker.js";
import { UntilField } from "./until_field.js";

export class CustomForm {
  #form = byId("custom-form");
  #until = new UntilField(this.#form, "customStatusUntil");
  #face = this.#form.querySelector(".custom-emoji-face");
  #noFace = this.#face.firstElementChild; // the icon that stands for "none"
  #emoji = null;
  #isEdited = false;
  #shown = null; // as JSON

  /** `save(patch)` ends when the settings are saved and shown, or throws an ApiError. */
  constructor(save) {
    this.save = save;
    this.#form.addEventListener("input", () => { this.#isEdited = true; });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("custom-clear").addEventListener("click", () => this.#clear());
    wireEmojiPicker(byId("custom-emoji"), (emoji) => {
      this.#isEdited = true;
      this.#showEmoji(emoji);
    });
  }

  /** The menu was opened. */
  open(settings) {
    clearErrors(this.#form);
    this.#isEdited = false;
    this.#shown = null;
    if (settings) this.show(settings);
  }

  /** What is being written is not overwritten by what comes from another page. */
  show({ customStatus, customEmoji, customStatusUntil }) {
    const news = JSON.stringify([customStatus, customEmoji, customStatusUntil]);
    if (this.#isEdited || news === this.#shown) return;
    this.#shown = news;
    this.#form.elements.customStatus.value = customStatus ?? "";
    this.#showEmoji(customEmoji);
    this.#until.show(customStatusUntil);
  }

  #showEmoji(emoji) {
    this.#emoji = emoji;
    this.#face.replaceChildren(emoji ?? this.#noFace);
    const name = EMOJI.find((listed) => listed.emoji === emoji)?.name ?? emoji;
    setText(byId("custom-emoji-name"), emoji ? `Emoji: ${name}. Choose another` : "Choose an emoji");
  }

  #submit() {
    const end = this.#until.read();
    if (end === null) return showErrors(this.#form, this.#until.explain());
    const customStatus = this.#form.elements.customStatus.value.trim() || null;
    const isNothing = !customStatus && !this.#emoji;
    this.#change({ customStatus, customEmoji: this.#emoji, ...(isNothing ? { customStatusUntil: null } : end) });
  }

  async #clear() {
    const isCleared = await this.#change({ customStatus: null, customEmoji: null, customStatusUntil: null });
    if (isCleared) this.#form.elements.customStatus.focus();
  }

  async #change(patch) {
    clearErrors(this.#form);
    const wasEdited = this.#isEdited;
    this.#shown = null;
    this.#isEdited = false; // the answer is to be shown; what is written meanwhile counts as edited again
    try {
      await this.save(patch);
      return true;
    } catch (error) {
      this.#isEdited ||= wasEdited;
      showErrors(this.#form, error);
      return false;
    }
  }
}
