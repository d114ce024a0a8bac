// Invitations that wait: making one, a new link for one, taking one back.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { formats, now } from "../lib/clock.js";
import { confirm, openDialog } from "../lib/dialog.js";
import { byId, fromTemplate, setText } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { showLink } from "./links.js";

const WEEK = "Hand it to them yourself: it is shown this once, is for their address alone, and works for a week.";

export class Invitations {
  #list = byId("invitations");
  #path;
  #all = [];

  /** `onProblem(error)` hears what was refused outside of the form. */
  constructor(organizationId, all, onProblem) {
    this.onProblem = onProblem;
    this.#path = `/api/organizations/${organizationId}/invitations`;
    const form = byId("invite-form");
    byId("invite").addEventListener("click", () => { form.reset(); clearErrors(form); openDialog(byId("invite-dialog")); });
    form.addEventListener("submit", (event) => this.#invite(event));
    this.#list.addEventListener("click", ({ target }) => {
      const invitation = this.#all.find(({ id }) => id === target.closest(".invitation")?.dataset.id);
      if (target.closest(".invitation-resend")) this.#renew(invitation);
      if (target.closest(".invitation-revoke")) this.#revoke(invitation);
    });
    this.#show(all);
  }

  #show(all) {
    this.#all = all;
    this.#list.replaceChildren(...all.map(row));
    byId("invitations-none").hidden = all.length > 0;
  }

  async #invite(event) {
    event.preventDefault();
    const form = event.target;
    if (showMissing(form, "email", "Enter their e-mail address.")) return;
    const submit = form.querySelector("[type=submit]");
    submit.disabled = true;
    try {
      const { email, role } = form.elements;
      const made = await api.post(this.#path, { email: email.value, role: role.value });
      byId("invite-dialog").close();
      this.#show([made, ...this.#all]);
      showLink(`A link for ${made.email}`, WEEK, made.url);
    } catch (error) {
      showErrors(form, error);
    } finally {
      submit.disabled = false;
    }
  }

  async #renew(invitation) {
    try {
      const made = await api.post(`${this.#path}/${invitation.id}/resend`);
      this.#show(this.#all.map((each) => (each.id === made.id ? made : each)));
      showLink(`A new link for ${made.email}`, `The one before does not work any more. ${WEEK}`, made.url);
    } catch (error) {
      this.onProblem(error);
    }
  }

  async #revoke(invitation) {
    const choices = [{ value: "cancel", label: "Keep it" }, { value: "revoke", label: "Revoke", kind: "btn-danger" }];
    if (await confirm(`Revoke the invitation of ${invitation.email}?`, "Its link stops working at once.", choices) !== "revoke") return;
    try {
      await api.remove(`${this.#path}/${invitation.id}`);
      this.#show(this.#all.filter(({ id }) => id !== invitation.id));
      announce(`The invitation of ${invitation.email} is revoked.`);
      byId("invitations-title").focus();
    } catch (error) {
      this.onProblem(error);
    }
  }
}

function row({ id, email, role, invitedByName, expiresAt }) {
  const element = fromTemplate("invitation-template");
  const part = (name) => element.querySelector(`.invitation-${name}`);
  const isOver = Date.parse(expiresAt) <= now();
  element.dataset.id = id;
  setText(part("email"), email);
  setText(part("role"), role);
  setText(part("by"), `by ${invitedByName}`);
  setText(part("ends"), `${isOver ? "Over since" : "Until"} ${formats.day(new Date(expiresAt))}`);
  part("ends").toggleAttribute("data-over", isOver);
  part("resend").setAttribute("aria-label", `New link for ${email}`);
  part("revoke").setAttribute("aria-label", `Revoke the invitation of ${email}`);
  return element;
}
