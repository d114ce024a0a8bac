// What is said of an access token: pure.

const DAY = 24 * 3_600_000;
const SOON_DAYS = 7;

/** When it ends: {text, state}, the state being "", "soon" or "over". */
export function endOf(expiresAt, now, formats) {
  const end = new Date(expiresAt);
  if (end <= now) return { text: `Expired ${formats.day(end)}`, state: "over" };
  const state = end - now < SOON_DAYS * DAY ? "soon" : "";
  return { text: `Expires ${formats.day(end)}`, state };
}

/** The day on which a token made now would end. */
export function dayAfter(days, now, formats) {
  return formats.day(new Date(now + days * DAY));
}

/** The tokens with a new one in its place: newest first. */
export function withToken(tokens, made) {
  return [made, ...tokens.filter(({ id }) => id !== made.id)];
}

export const withoutToken = (tokens, id) => tokens.filter((token) => token.id !== id);
