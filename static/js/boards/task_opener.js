// Opens the task that the address names (#/tasks/id) beside the board; the panel is fetched for the first one.
import { toast } from "../lib/announce.js";
import { byId } from "../lib/dom.js";
import { loadStyles, once } from "../lib/lazy.js";

const NOT_LOADED = "The task cannot be shown now: the server does not answer.";

export class TaskOpener {
  #panel = null;
  #load = once(async () => {
    const styles = ["task_panel.css", "board_more.css"].map(loadStyles);
    const [{ TaskPanel }] = await Promise.all([import("./task_panel.js"), ...styles]);
    this.#panel = this.makePanel(TaskPanel);
  });

  /** `makePanel(TaskPanel)` answers the panel. */
  constructor(makePanel) {
    this.makePanel = makePanel;
    addEventListener("hashchange", () => this.follow());
    const soon = () => this.#load().catch(() => {}); // who points at a card may open it next
    byId("lists").addEventListener("pointerover", soon, { once: true });
  }

  /** The panel, as soon as a task has been opened; else null. */
  get panel() {
    return this.#panel;
  }

  get taskId() {
    return this.#panel?.taskId ?? null;
  }

  async follow() {
    if (!this.#panel && !location.hash.startsWith("#/tasks/")) return;
    try {
      await this.#load();
      await this.#panel.follow();
    } catch (error) {
      if (this.#panel) throw error;
      toast(NOT_LOADED, { label: "Try again", run: () => this.follow() });
    }
  }
}
