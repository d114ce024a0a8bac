// Guests of this board alone, below its members: inviting one by a link, and the invitations that wait.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { formats, now } from "../lib/clock.js";
import { byId, setText } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { loadStyles } from "../lib/lazy.js";
import { make } from "../lib/make.js";

const WEEK = "Hand it to them yourself: it is shown this once, is for their address alone, and works for a week.";

export class Guests {
  #all = [];
  #form = form();
  #list = make("ul", { className: "guest-list", ariaLabel: "Invited guests" });
  #link = made();
  #problem = make("p", { className: "field-error", role: "alert", hidden: true });

  constructor(boardId) {
    this.path = `/api/boards/${boardId}/invitations`;
    const title = make("h3", { className: "guests-title", id: "guests-title", textContent: "Guests", tabIndex: -1 });
    const section = make("section", { className: "guests head-only" }, title, this.#form, this.#link, this.#problem, this.#list);
    section.setAttribute("aria-labelledby", "guests-title");
    this.#form.addEventListener("submit", (event) => this.#invite(event));
    this.#list.addEventListener("click", ({ target }) => {
      const invitation = this.#all.find(({ id }) => id === target.closest("li")?.dataset.id);
      if (target.matches(".guest-renew")) this.#try(() => this.#renew(invitation));
      if (target.matches(".guest-revoke")) this.#try(() => this.#revoke(invitation));
    });
    this.section = section;
  }

  async load() {
    await loadStyles("guests.css");
    await this.#try(async () => this.#show((await api.get(this.path)).items));
  }

  #show(all) {
    this.#all = all;
    this.#list.replaceChildren(...all.map(row));
  }

  async #invite(event) {
    event.preventDefault();
    if (showMissing(this.#form, "email", "Enter their e-mail address.")) return;
    const submit = this.#form.querySelector("[type=submit]");
    submit.disabled = true;
    try {
      const invited = await api.post(this.path, { email: this.#form.elements.email.value.trim() });
      clearErrors(this.#form);
      this.#form.reset();
      this.#show([invited, ...this.#all]);
      this.#showLink(invited);
    } catch (error) {
      showErrors(this.#form, error);
    } finally {
      submit.disabled = false;
    }
  }

  async #renew({ id }) {
    const renewed = await api.post(`${this.path}/${id}/resend`);
    this.#show(this.#all.map((each) => (each.id === id ? renewed : each)));
    this.#showLink(renewed);
  }

  async #revoke({ id, email }) {
    await api.remove(`${this.path}/${id}`);
    this.#show(this.#all.filter((each) => each.id !== id));
    this.#link.hidden = true;
    announce(`The invitation of ${email} is revoked.`);
    byId("guests-title").focus();
  }

  #showLink({ email, url }) {
    setText(this.#link.querySelector("p"), `A link for ${email}. ${WEEK}`);
    this.#link.hidden = false;
    const field = this.#link.querySelector("input");
    field.value = url;
    field.focus();
    field.select();
  }

  async #try(act) {
    this.#problem.hidden = true;
    try {
      await act();
    } catch (error) {
      setText(this.#problem, error.message);
      this.#problem.hidden = false;
    }
  }
}

function form() {
  const label = make("label", { className: "form-label", htmlFor: "guest-email", textContent: "Invite somebody from outside to this board alone" });
  const field = make("input", {
    className: "form-control", id: "guest-email", name: "email", type: "email", autocomplete: "off", maxLength: 254,
    placeholder: "name@example.com", required: true,
  });
  field.setAttribute("aria-describedby", "guest-email-error");
  const submit = make("button", { className: "btn", type: "submit", textContent: "Make a link" });
  const error = make("p", { className: "field-error", id: "guest-email-error", hidden: true });
  error.dataset.errorFor = "email";
  error.setAttribute("role", "alert");
  const rest = make("p", { className: "field-error", role: "alert", hidden: true });
  rest.dataset.errorFor = "";
  return make("form", { noValidate: true }, label, make("div", { className: "field-row" }, field, submit), error, rest);
}

function made() {
  const field = make("input", { className: "form-control", readOnly: true, ariaLabel: "The link", autocomplete: "off", spellcheck: false });
  const copy = make("button", { className: "btn btn-primary", type: "button", textContent: "Copy" });
  copy.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      announce("Copied.");
      setText(copy, "Copied");
    } catch {
      announce("Press Ctrl+C to copy it.");
    }
  });
  return make("div", { className: "guest-link", hidden: true }, make("p"), make("div", { className: "field-row" }, field, copy));
}

function row({ id, email, invitedByName, expiresAt }) {
  const isOver = Date.parse(expiresAt) <= now();
  const by = invitedByName && `by ${invitedByName}, `;
  const facts = `Invited ${by}${isOver ? "over since" : "until"} ${formats.day(new Date(expiresAt))}`;
  const who = make("div", { className: "member-who" }, make("span", { className: "member-name", textContent: email }), make("span", { className: "member-email", textContent: facts }));
  const renew = make("button", { className: "btn btn-sm guest-renew", type: "button", textContent: "New link", ariaLabel: `New link for ${email}` });
  const revoke = make("button", { className: "btn btn-sm guest-revoke", type: "button", textContent: "Revoke", ariaLabel: `Revoke the invitation of ${email}` });
  const element = make("li", { className: "member" }, who, renew, revoke);
  element.dataset.id = id;
  return element;
}
