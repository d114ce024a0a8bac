// The emoji offered for a custom status, and finding them by their words. Pure.

// The words before the comma are the name; those after it only help to find it.
const LISTED = `
📅 calendar, meeting appointment date plan
🗣️ speaking, meeting talk presentation
📞 telephone, call phone meeting
🎧 headphones, focus music listening concentrate
💻 laptop, work computer remote coding
🧑‍💻 at the computer, work coding developer programming
🏠 house, home remote working
🏢 office, work building
🌍 globe, remote world abroad travel
☕ coffee, break tea pause
🍽️ plate, lunch dinner meal eating food break
🥪 sandwich, lunch snack food
🍕 pizza, lunch food dinner
🎂 cake, birthday celebration
🌴 palm tree, vacation holiday leave beach
🏖️ beach, vacation holiday leave sun
✈️ airplane, travel flight trip away
🚆 train, travel commuting trip
🚌 bus, commuting travel
🚗 car, commuting travel driving
🚲 bicycle, bike commuting cycling sport
🏃 running, sport run exercise
🧘 yoga, calm meditation break
🏋️ weights, gym sport training exercise
⚽ football, soccer sport
🤒 ill, sick fever unwell
🤕 hurt, injured sick
🤧 sneezing, cold sick
🏥 hospital, doctor sick appointment
🦷 tooth, dentist appointment doctor
👶 baby, parental leave family child
👪 family, children parental
🐶 dog, walk pet
🐱 cat, pet
😴 sleeping, asleep tired night rest
🌙 moon, night evening late sleep
☀️ sun, sunny weather morning
🌧️ rain, weather cloud
❄️ snowflake, snow winter cold
🔥 fire, urgent hot incident
🚨 siren, emergency incident urgent alarm
🚧 under construction, work building progress
🛠️ tools, fixing maintenance repair work
🐛 bug, fixing debugging insect
🚀 rocket, launch release deploy shipping
🎯 target, focus goal concentrate
⏳ hourglass, waiting deadline time
⏰ alarm clock, time deadline late early
🧠 brain, thinking deep focus
📚 books, learning reading study course
✏️ pencil, writing drafting
🎨 palette, design art drawing
📸 camera, photo venue shooting
🎥 film camera, video recording call
🎉 party, celebration congratulations done
🎄 christmas tree, holiday
👀 eyes, looking review reviewing
👍 thumbs up, yes good ok agree
👋 waving hand, hello bye welcome
🙏 folded hands, thanks please thank you
💪 strong arm, strength power effort
❤️ heart, love
😀 smiling face, happy smile glad
😅 smiling with sweat, stress hectic
🤔 thinking face, wondering question
🤫 quiet, silence focus shush
🚫 no entry, do not disturb busy
💤 asleep, zzz tired rest away
`;

export const EMOJI = LISTED.trim().split("\n").map((line) => {
  const space = line.indexOf(" ");
  const words = line.slice(space + 1);
  return { emoji: line.slice(0, space), name: words.split(",")[0], words: words.replace(",", "") };
});

const ONE_EMOJI = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?)$/v;

/** Those with a word beginning like each word of the query, by name first; an emoji typed by itself is the answer. */
export function searchEmoji(query) {
  const wanted = query.trim().toLowerCase();
  if (ONE_EMOJI.test(wanted)) return [EMOJI.find(({ emoji }) => emoji === wanted) ?? { emoji: wanted, name: wanted }];
  const parts = wanted.split(/\s+/);
  const found = EMOJI.filter(({ words }) => parts.every((part) => begins(words, part)));
  return found.sort((a, b) => begins(b.name, parts[0]) - begins(a.name, parts[0]));
}

const begins = (words, part) => words.split(" ").some((word) => word.startsWith(part));

/** Where a key leads in a grid of `count` cells; null when the key has no meaning there. */
export function stepInGrid(at, key, count, columns) {
  const target = {
    ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: count - 1,
  }[key];
  if (target === undefined) return null;
  return target < 0 || target >= count ? at : target;
}
