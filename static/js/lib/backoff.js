// How long to wait before the next attempt to reconnect. Pure: chance is an argument.
// After a deploy everybody comes back at once, so already the first attempt is spread.

export const FIRST_SECONDS = 5;
export const LONGEST_SECONDS = 60;

/** Seconds before attempt number `attempt` (from 0): full jitter under 5, 10, 20, 40, 60, 60 ... */
export function reconnectDelay(attempt, random = Math.random) {
  return random() * Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** attempt);
}
