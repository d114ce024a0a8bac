// What a page does not need at first: fetched when it is used, its styles as well.

const STYLES = new URL("../../css/", import.meta.url);

/** Adds a stylesheet of static/css/ once; fulfilled when it holds, so that nothing shows without it. */
export function loadStyles(name) {
  const { href } = new URL(name, STYLES);
  const known = [...document.styleSheets].some((sheet) => sheet.href === href);
  if (known) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => { link.remove(); reject(new Error(`${name} could not be loaded`)); });
    document.head.append(link);
  });
}

/** Answers a function that loads once, and again only after it has failed. */
export function once(load) {
  let loading = null;
  return () => {
    loading ??= load().catch((error) => { loading = null; throw error; });
    return loading;
  };
}
