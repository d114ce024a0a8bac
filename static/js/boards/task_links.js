// Links of the open task: added, followed and removed. Only addresses of the web.
import * as api from "../lib/api.js";
import { announce, toast } from "../lib/announce.js";
import { byId, element, icon } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";

export class Links {
  #list = byId("task-links");
  #form = byId("links-form");
  #links = [];

  /** `path()` is that of the task. */
  constructor(path) {
    this.path = path;
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#add(); });
    this.#list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.#remove(button.closest("li").dataset.id);
    });
  }

  show(links) {
    this.#links = links;
    this.#list.replaceChildren(...links.map(row));
  }

  async #add() {
    const { url, title } = this.#form.elements;
    if (url.value.trim() && !/^[a-z]+:/i.test(url.value.trim())) url.value = `https://${url.value.trim()}`;
    if (showMissing(this.#form, "url", "Enter an address that begins with https:// or http://.")) return;
    const path = this.path();
    try {
      const link = await api.post(`${path}/links`, {
        url: url.value.trim(), ...(title.value.trim() && { title: title.value.trim() }),
      });
      clearErrors(this.#form);
      this.#form.reset();
      if (path === this.path()) this.show([...this.#links.filter(({ id }) => id !== link.id), link]);
      announce("Link added.");
    } catch (error) {
      showErrors(this.#form, error);
    }
    url.focus();
  }

  async #remove(id) {
    const before = this.#links;
    this.show(before.filter((link) => link.id !== id));
    this.#form.elements.url.focus();
    try {
      await api.remove(`${this.path()}/links/${id}`);
      announce("Link removed.");
    } catch (error) {
      this.show(before);
      toast(`The link was not removed. ${error.message}`);
    }
  }
}

function row({ id, url, title }) {
  const words = title || url.replace(/^https?:\/\//, "");
  const rel = "noopener noreferrer nofollow";
  const anchor = element("a", { href: safe(url), target: "_blank", rel, title: url }, words);
  const ariaLabel = `Remove the link ${words}`;
  const remove = element("button", { type: "button", className: "icon-button", ariaLabel }, icon("x"));
  return element("li", { className: "task-link-row", data: { id } }, icon("link"), anchor, remove);
}

/** The server takes no other addresses; a page follows none whatever it is told. */
const safe = (url) => (/^https?:\/\//i.test(url) ? url : "#");
