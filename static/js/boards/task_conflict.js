// Two versions of the same field side by side, and a choice: mine, theirs, or of a long text both together.
import { formats } from "../lib/clock.js";
import { byId, fromTemplate } from "../lib/dom.js";
import { FIELD_NAMES, fieldText, mergeText } from "./task_merge.js";

export class Conflict {
  #theirs = {};

  /** `save(fields)` gets the fields that are not to stay as the form has them. */
  constructor(save) {
    byId("task-conflict-save").addEventListener("click", () => save(this.#chosen()));
  }

  get isOpen() {
    return !byId("task-conflict").hidden;
  }

  /** `base` is what both began from. */
  show(fields, { base, mine, theirs }) {
    this.#theirs = theirs;
    const choices = fields.map((field) => choice(field, base[field], mine[field], theirs[field]));
    byId("task-conflict-fields").replaceChildren(...choices);
    byId("task-conflict").hidden = false;
    byId("task-conflict-title").focus();
  }

  hide() {
    byId("task-conflict").hidden = true;
    byId("task-conflict-fields").replaceChildren();
  }

  #chosen() {
    const chosen = {};
    for (const radio of byId("task-conflict-fields").querySelectorAll("input:checked")) {
      const { field } = radio.dataset;
      if (radio.value === "theirs") chosen[field] = this.#theirs[field];
      if (radio.value === "merged") chosen[field] = radio.closest("fieldset").querySelector("textarea").value;
    }
    return chosen;
  }
}

function choice(field, base, mine, theirs) {
  const element = fromTemplate("conflict-field-template");
  element.querySelector("legend").textContent = FIELD_NAMES[field];
  for (const radio of element.querySelectorAll("input")) {
    Object.assign(radio, { name: `keep-${field}`, checked: radio.value === "mine" });
    radio.dataset.field = field;
  }
  const when = (moment) => formats.seen(moment);
  const [theirText, myText] = element.querySelectorAll(".conflict-value");
  theirText.textContent = fieldText(field, theirs, when);
  myText.textContent = fieldText(field, mine, when);
  const both = element.querySelector(".conflict-both");
  if (field !== "description") both.remove();
  const text = both.querySelector("textarea");
  text.value = field === "description" ? mergeText(base, mine, theirs).text : "";
  text.addEventListener("input", () => { both.querySelector("input").checked = true; });
  return element;
}
