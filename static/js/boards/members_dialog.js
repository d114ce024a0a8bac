// The members of the board: everybody sees them; heads add, change roles and remove.
import { announce } from "../lib/announce.js";
import { paintAvatar } from "../lib/avatar.js";
import { byId, fromTemplate, setText } from "../lib/dom.js";
import { confirm } from "../lib/dialog.js";
import { showErrors, showMissing } from "../lib/forms.js";

export class MembersDialog {
  #list = byId("members");
  #count = byId("member-count"); // kept: who removes themselves sees the page go before the answer comes

  constructor(state, actions, me) {
    Object.assign(this, { state, actions, me });
    byId("member-add-form")?.addEventListener("submit", (event) => { event.preventDefault(); this.#add(event.target); });
    this.#list.addEventListener("change", (event) => this.#setRole(event.target));
    this.#list.addEventListener("click", (event) => {
      const button = event.target.closest(".member-remove");
      if (button) this.#remove(button.closest(".member").dataset.userId);
    });
    this.#watchForGuests(byId("members-dialog"));
    this.show();
  }

  // Only heads invite guests, and only who opens the dialog needs them.
  #watchForGuests(dialog) {
    const whenOpen = { attributeFilter: ["open"] };
    const watch = new MutationObserver(async () => {
      if (!dialog.open || this.state.board.role !== "head") return;
      watch.disconnect();
      try {
        const { Guests } = await import("./guests.js");
        const guests = new Guests(this.state.board.id);
        await guests.load();
        dialog.append(guests.section);
      } catch {
        watch.observe(dialog, whenOpen); // the next time it opens
      }
    });
    watch.observe(dialog, whenOpen);
  }

  show() {
    const members = [...this.state.members.values()];
    const rows = new Map([...this.#list.children].map((row) => [row.dataset.userId, row]));
    setText(this.#count, String(members.length));
    for (const [id, row] of rows) if (!this.state.members.has(id)) row.remove();
    for (const member of members) {
      const row = rows.get(member.userId) ?? this.#newRow(member);
      this.#fill(row, member);
    }
  }

  #newRow(member) {
    const row = fromTemplate("member-template");
    row.dataset.userId = member.userId;
    paintAvatar(row.querySelector(".disc"), { id: member.userId, ...member });
    this.#list.append(row);
    return row;
  }

  #fill(row, { userId, name, email, role, isGuest }) {
    const manages = this.state.board.role === "head";
    const select = row.querySelector(".member-role");
    const words = [name, userId === this.me && "(you)", isGuest && "· guest"];
    setText(row.querySelector(".member-name"), words.filter(Boolean).join(" "));
    setText(row.querySelector(".member-email"), email);
    setText(row.querySelector(".member-role-text"), role === "head" ? "Head" : "Member");
    row.querySelector(".member-role-text").hidden = manages;
    select.hidden = !manages;
    select.value = role;
    select.setAttribute("aria-label", `Role of ${name}`);
    row.querySelector(".member-remove").hidden = !manages;
    row.querySelector(".member-remove").setAttribute("aria-label", `Remove ${name} from the board`);
  }

  async #add(form) {
    if (showMissing(form, "email", "Enter the e-mail address of the person to add.")) return;
    try {
      const { name } = await this.actions.addMember(form.elements.email.value.trim(), form.elements.role.value);
      form.reset();
      form.elements.email.focus();
      this.show();
      announce(`Added ${name}.`);
    } catch (error) {
      if (!error.errors.length) error.errors = [{ field: "email", message: error.message }];
      showErrors(form, error);
    }
  }

  async #setRole(select) {
    const { userId } = select.closest(".member").dataset;
    const { name } = this.state.members.get(userId);
    await this.#try(() => this.actions.setRole(userId, select.value), `${name} is now ${select.value}.`);
  }

  async #remove(userId) {
    const { name } = this.state.members.get(userId);
    const choices = [{ value: "cancel", label: "Cancel" }, { value: "remove", label: "Remove", kind: "btn-danger" }];
    const text = userId === this.me ? "You will no longer see this board." : `${name} will no longer see this board.`;
    if (await confirm(`Remove ${name}?`, text, choices) !== "remove") return;
    await this.#try(() => this.actions.removeMember(userId), `Removed ${name}.`);
    if (!this.state.members.has(userId)) this.#list.focus();
  }

  async #try(action, done) {
    byId("members-error").hidden = true;
    try {
      await action();
      announce(done);
    } catch (error) {
      setText(byId("members-error"), error.message);
      byId("members-error").hidden = false;
    }
    this.show();
  }
}
