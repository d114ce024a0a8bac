// Marks in the navigation which section one is reading.

const READING_LINE = "-20% 0px -70% 0px"; // a band in the upper part of the window

export function followSections() {
  const links = [...document.querySelectorAll(".settings-nav a")];
  const mark = (id) => {
    for (const link of links) {
      if (link.hash === `#${id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const observer = new IntersectionObserver((entries) => {
    const entered = entries.find(({ isIntersecting }) => isIntersecting);
    if (entered) mark(entered.target.id);
  }, { rootMargin: READING_LINE });
  for (const { hash } of links) observer.observe(document.getElementById(hash.slice(1)));
  if (links.length) mark(links[0].hash.slice(1));
}
