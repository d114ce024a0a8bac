// The page of one's organizations: making another one.
import * as api from "../lib/api.js";
import { wireDialogs } from "../lib/dialog.js";
import { byId } from "../lib/dom.js";
import { showErrors, showMissing } from "../lib/forms.js";
import { offerZones, ownZone } from "./zones.js";

const form = byId("new-organization-form");

wireDialogs();
offerZones();
form.elements.timeZone.value = ownZone();
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (showMissing(form, "name", "Give the organization a name.")) return;
  const submit = form.querySelector("[type=submit]");
  submit.disabled = true;
  try {
    const { name, timeZone } = form.elements;
    const made = await api.post("/api/organizations", { name: name.value.trim(), timeZone: timeZone.value.trim() });
    location.assign(`/organizations/${made.id}`);
  } catch (error) {
    showErrors(form, error);
    submit.disabled = false;
  }
});
