// A person's settings as the page shows them: what the server last said, with what is being saved laid over it. Pure.
// An answer may come after the news of a later change from another page: then nobody here knows which is newer.

export class SettingsState {
  #said; // by the server
  #news = 0;
  #saving = new Set(); // {patch, news}, in the order in which they were made

  constructor(settings) {
    this.#said = settings;
  }

  get shown() {
    return Object.assign({}, this.#said, ...[...this.#saving].map(({ patch }) => patch));
  }

  get isSaving() {
    return this.#saving.size > 0;
  }

  /** The change counts from now on; answers what `saved` or `failed` is to be told with. */
  change(patch) {
    const change = { patch, news: this.#news };
    this.#saving.add(change);
    return change;
  }

  /** Answers whether the settings have to be asked for again. */
  saved(change, settings) {
    this.#saving.delete(change);
    const isOvertaken = change.news !== this.#news;
    this.#said = isOvertaken ? { ...this.#said, ...change.patch } : settings;
    return isOvertaken;
  }

  failed(change) {
    this.#saving.delete(change);
  }

  /** The server told by itself. */
  hear(settings) {
    this.#news += 1;
    this.#said = settings;
  }

  /** A moment to compare an answer with: what was asked before and comes after news says nothing any more. */
  asking() {
    return this.#news;
  }

  answered(asked, settings) {
    if (asked === this.#news) this.#said = settings;
  }
}

const LEVELS = {
  everyone: "Everyone sees you",
  team: "Your organization sees you",
  contacts: "People you share a board with see you",
  nobody: "Nobody sees you",
};
const SWITCHES = {
  showActivity: ["Your activity is shown", "Your activity is not shown"],
  showCurrentPage: ["The page you are on is shown", "The page you are on is not shown"],
  appearOffline: ["You appear offline", "You no longer appear offline"],
};

/** What a change means, for those who hear it instead of seeing it. */
export function changeWords(patch) {
  return Object.entries(patch).map(([name, value]) =>
    name === "visibility" ? LEVELS[value] : SWITCHES[name][value ? 0 : 1]).join(". ");
}

/** Whether the levels count at all: who appears offline is hidden from all of them. */
export const isOverruled = ({ appearOffline }) => appearOffline;

/** The organizations whose team heads see the person whatever they choose. */
export const watchful = (policies) => policies.filter(({ headsAlwaysSeePresence }) => headsAlwaysSeePresence);

/** "Acme Studio", "Acme Studio and Birch Ltd", "Acme Studio, Birch Ltd and Cedar" */
export function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
