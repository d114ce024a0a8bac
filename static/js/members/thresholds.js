// After how many minutes people count as inactive; owners change it.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { byId } from "../lib/dom.js";
import { clearErrors, showErrors } from "../lib/forms.js";
import { secondsOf } from "./state.js";

const NAMES = ["everybody", "owner", "admin", "member"];

export function wireThresholds(organizationId, { least, most }) {
  const form = byId("thresholds-form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearErrors(form);
    const wanted = Object.fromEntries(NAMES.map((name) => [name, secondsOf(form.elements[name].value)]));
    const wrong = NAMES.filter((name) => wanted[name] === undefined || (wanted[name] !== null && (wanted[name] < least || wanted[name] > most)));
    const message = `Between ${Math.ceil(least / 60)} and ${Math.floor(most / 60)} minutes`;
    if (wrong.length) return showErrors(form, { errors: wrong.map((field) => ({ field, message })) });
    try {
      await api.put(`/api/organizations/${organizationId}/activity-thresholds`, wanted);
      announce("Saved. It counts from now on.");
    } catch (error) {
      showErrors(form, error);
    }
  });
}
