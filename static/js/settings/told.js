// Preferences of notifications as a form has them, "mention.inApp": true, and as the server takes them. Pure.

export function choicesOf(kinds) {
  const choices = {};
  for (const [kind, ways] of Object.entries(kinds)) {
    for (const [way, isOn] of Object.entries(ways)) choices[`${kind}.${way}`] = isOn;
  }
  return choices;
}

export function kindsOf(choices) {
  const kinds = {};
  for (const [name, isOn] of Object.entries(choices)) {
    const [kind, way] = name.split(".");
    kinds[kind] = { ...kinds[kind], [way]: isOn };
  }
  return kinds;
}
