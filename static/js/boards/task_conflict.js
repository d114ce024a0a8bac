// Two versions of the same field side by side, and a choice between them.
import { formats } from "../lib/clock.js";
import { byId, fromTemplate } from "../lib/dom.js";
import { fromLocalInput } from "./due.js";
import { FIELD_NAMES } from "./task_merge.js";

export class Conflict {
  #theirs = {};

  /** `save(fields)` gets the other person's text of the fields where it was chosen; the rest stays as the form has it. */
  constructor(save) {
    byId("task-conflict-save").addEventListener("click", () => save(this.#chosen()));
  }

  get isOpen() {
    return !byId("task-conflict").hidden;
  }

  show(fields, mine, theirs) {
    this.#theirs = theirs;
    byId("task-conflict-fields").replaceChildren(...fields.map((field) => choice(field, mine[field], theirs[field])));
    byId("task-conflict").hidden = false;
    byId("task-conflict-title").focus();
  }

  hide() {
    byId("task-conflict").hidden = true;
    byId("task-conflict-fields").replaceChildren();
  }

  #chosen() {
    const radios = byId("task-conflict-fields").querySelectorAll('input[value="theirs"]:checked');
    return Object.fromEntries([...radios].map(({ dataset }) => [dataset.field, this.#theirs[dataset.field]]));
  }
}

function choice(field, mine, theirs) {
  const element = fromTemplate("conflict-field-template");
  element.querySelector("legend").textContent = FIELD_NAMES[field];
  for (const [label, text, checked] of [["theirs", theirs, false], ["mine", mine, true]]) {
    const radio = element.querySelector(`input[value="${label}"]`);
    Object.assign(radio, { name: `keep-${field}`, checked });
    radio.dataset.field = field;
    const shown = field === "dueAt" && text ? formats.seen(new Date(fromLocalInput(text))) : text;
    radio.closest("label").querySelector(".conflict-value").textContent = shown || "(empty)";
  }
  return element;
}
