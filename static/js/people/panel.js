// The profile beside the directory: opens and closes, follows the address (/people/<id>), gives the focus back.
import { openBeside } from "../lib/dialog.js";
import { byId } from "../lib/dom.js";

const WIDE = matchMedia("(min-width: 900px)"); // as in people.css
const PROFILE_PATH = /^\/people\/([\da-f-]{36})$/;

export class ProfilePanel {
  #dialog = byId("profile-panel");
  #list = { url: location.href, title: document.title }; // where closing leads back to

  /** `hooks`: find(id) the person or undefined, cardOf(id), onOpen(id or null). */
  constructor(profile, hooks) {
    Object.assign(this, { profile, hooks });
    addEventListener("popstate", () => this.#follow());
    WIDE.addEventListener("change", () => this.#dialog.open && openBeside(this.#dialog, WIDE));
    this.#dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.#dialog.addEventListener("keydown", (event) => event.key === "Escape" && (event.preventDefault(), this.close()));
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.close()); // beside it
    byId("profile-close").addEventListener("click", () => this.close());
  }

  open(id) {
    const isOpen = this.profile.userId !== null;
    if (!isOpen) this.#list = { url: location.href, title: document.title };
    history[isOpen ? "replaceState" : "pushState"]({ person: id }, "", `/people/${id}`);
    this.#show(id);
  }

  /** The list shows something else now, also behind an open profile. */
  listIsAt(url) {
    this.#list.url = url;
    if (!this.profile.userId) history.replaceState(null, "", url);
  }

  close() {
    if (history.state?.person) history.back(); // and #follow shuts it
    else this.#shut();
  }

  #follow() {
    const id = location.pathname.match(PROFILE_PATH)?.[1];
    if (id && this.hooks.find(id)) this.#show(id);
    else if (id) location.reload(); // no longer on this page: its own page knows
    else this.#shut();
  }

  #show(id) {
    const person = this.hooks.find(id);
    this.profile.open(person);
    document.title = `${person.name} · ${this.#list.title}`;
    byId("profile-page").href = `/people/${id}`;
    this.hooks.onOpen(id);
    openBeside(this.#dialog, WIDE);
    byId("profile-name").focus({ preventScroll: true });
    this.hooks.cardOf(id)?.scrollIntoView({ block: "nearest" });
  }

  #shut() {
    const id = this.profile.userId;
    if (!id) return;
    this.profile.open(null);
    history.replaceState(null, "", this.#list.url);
    document.title = this.#list.title;
    this.hooks.onOpen(null);
    this.#dialog.close();
    this.hooks.cardOf(id)?.querySelector("a").focus();
  }
}
