// What others see of a person, in words: for the cards of the preview. Pure.
import { statusWord } from "../presence/people.js";
import { customWords } from "../presence/status_state.js";

const NOTHING = { dot: "offline", custom: "", device: "", lastSeen: null };

/**
 * `seen` is a person called `name` as GET /api/presence/users tells of them, or null for nobody: answers the name, the
 * words, the dot, what stands beside the name, the device, and the time that follows the words.
 */
export function seenAs(seen, name) {
  if (!seen) return { ...NOTHING, name: "You do not exist for them", word: "No list and no search shows you." };
  const said = { ...NOTHING, name, custom: customWords(seen) };
  if (seen.status === "offline") {
    return { ...said, word: seen.lastSeen ? "Offline · last seen " : "Offline", lastSeen: seen.lastSeen };
  }
  const words = [seen.isTyping ? "Typing" : statusWord(seen.status), seen.currentPage].filter(Boolean);
  return { ...said, dot: seen.isTyping ? "typing" : seen.status, word: words.join(" · "), device: seen.device ?? "" };
}
