// One organization's settings: its name and time zone, handing it on, leaving it.
import { announce, toast } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { confirm, wireDialogs } from "../lib/dialog.js";
import { byId, setText } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { offerZones } from "./zones.js";

const organization = JSON.parse(byId("organization-data").textContent);
const path = `/api/organizations/${organization.id}`;

wireDialogs();
offerZones();
byId("organization-form")?.addEventListener("submit", (event) => send(event, save));
byId("transfer-form")?.addEventListener("submit", (event) => send(event, handOn));
byId("leave").addEventListener("click", leave);

/** What the form says goes to `act`, once; a refusal is shown beside its field. */
async function send(event, act) {
  event.preventDefault();
  const form = event.target;
  const submit = form.querySelector("[type=submit]");
  submit.disabled = true;
  try {
    await act(form);
  } catch (error) {
    showErrors(form, error);
  } finally {
    submit.disabled = false;
  }
}

async function save(form) {
  if (showMissing(form, "name", "Give the organization a name.")) return;
  const { name, timeZone } = form.elements;
  const saved = await api.patch(path, { name: name.value.trim(), timeZone: timeZone.value.trim() });
  clearErrors(form);
  organization.name = saved.name;
  setText(byId("organization-title"), saved.name);
  setText(byId("leave"), `Leave ${saved.name}`);
  announce("Saved.");
  toast(`Saved. ${saved.name} counts its days in ${saved.timeZone.replaceAll("_", " ")}.`);
}

async function handOn(form) {
  if (showMissing(form, "email", "Enter the e-mail address of a member.")) return;
  if (showMissing(form, "confirmation", "Type the name of the organization.")) return;
  const { email, confirmation } = form.elements;
  await api.post(`${path}/transfer`, { email: email.value.trim(), confirmation: confirmation.value });
  location.reload();
}

async function leave() {
  const choices = [{ value: "cancel", label: "Stay" }, { value: "leave", label: "Leave", kind: "btn-danger" }];
  const text = "You will see neither the organization nor its boards any more. Somebody who runs it can invite you again.";
  if (await confirm(`Leave ${organization.name}?`, text, choices) !== "leave") return;
  try {
    await api.remove(`${path}/membership`);
    location.assign("/organizations");
  } catch (error) {
    setText(byId("leave-problem"), error.message);
    byId("leave-problem").hidden = false;
  }
}
