// What a login is called, and what becomes of a list of them. Pure.

const KINDS = { desktop: "A computer", mobile: "A phone", tablet: "A tablet" };

export const nameOf = ({ client, device }) => client ?? KINDS[device];

export const othersOf = (sessions) => sessions.filter(({ isCurrent }) => !isCurrent);

export const withoutSession = (sessions, id) => sessions.filter((session) => session.id !== id);
