// Making, renaming, colouring and deleting one label, inside the chooser of labels.
import { announce, toast } from "../lib/announce.js";
import { element, icon } from "../lib/dom.js";
import { showErrors, showMissing } from "../lib/forms.js";

const COLORS = ["teal", "blue", "indigo", "purple", "pink", "red", "orange", "amber", "green", "slate"];

export class LabelForm {
  element = element("form", { className: "label-form", noValidate: true });

  /** `label`: {id?, name, color?}; `hooks`: onSaved(label, isNew), onBack(). */
  constructor(label, actions, hooks) {
    Object.assign(this, { label, actions, hooks });
    const { id, name = "", color = COLORS[Math.floor(Math.random() * COLORS.length)] } = label;
    this.name = element("input", {
      className: "form-control", name: "name", value: name, maxLength: 50, ariaLabel: "Name of the label", autocomplete: "off",
    });
    const back = button("icon-button", () => hooks.onBack(), icon("chevron-left"));
    back.setAttribute("aria-label", "Back");
    this.element.append(
      element("p", { className: "chooser-title" }, back, id ? "Edit the label" : "New label"),
      this.name,
      error("name"),
      element("fieldset", { className: "hues" },
        element("legend", { className: "visually-hidden" }, "Colour"), ...COLORS.map((one) => hue(one, one === color))),
      error(""),
      element("div", { className: "label-form-actions" },
        element("button", { className: "btn btn-primary btn-sm", type: "submit" }, id ? "Save" : "Make it"),
        ...(id ? [button("btn btn-sm", () => this.#remove(), "Delete for all tasks")] : [])),
    );
    this.element.addEventListener("submit", (event) => { event.preventDefault(); this.#save(); });
  }

  focus() {
    this.name.focus();
  }

  async #save() {
    if (showMissing(this.element, "name", "Give the label a name.")) return;
    const values = { name: this.name.value.trim(), color: this.element.elements.color.value };
    const { id } = this.label;
    try {
      const saved = id ? await this.actions.editLabel(id, values) : await this.actions.addLabel(values.name, values.color);
      announce(`Saved the label “${values.name}”.`);
      this.hooks.onSaved(saved, !id);
    } catch (error) {
      showErrors(this.element, error);
    }
  }

  async #remove() {
    try {
      await this.actions.removeLabel(this.label.id);
      announce(`Deleted the label “${this.label.name}”.`);
      this.hooks.onBack();
    } catch (error) {
      toast(error.message);
    }
  }
}

function hue(color, checked) {
  const radio = element("input", { type: "radio", name: "color", value: color, checked, ariaLabel: color });
  return element("label", { className: "hue", title: color, data: { hue: color } }, radio, icon("check"));
}

function error(field) {
  return element("p", { className: "field-error", hidden: true, role: "alert", data: { errorFor: field } });
}

function button(className, run, ...children) {
  const made = element("button", { className, type: "button" }, ...children);
  made.addEventListener("click", run);
  return made;
}
