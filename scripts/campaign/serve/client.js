// In every page that `campaign serve` shows, and in none that is built: loads the page again once it has changed, and
// shows the problems to fix. Everything is set as text, because a mistake may contain any characters.
(() => {
  "use strict";
  const me = document.currentScript;
  const OFTEN = 200, SELDOM = 2000;
  const LOOK = `
    :host { all: initial; }
    section { position: fixed; z-index: 2147483647; inset: auto 0 0 0; max-height: 60vh; overflow: auto;
      box-sizing: border-box; padding: .75rem 1rem; background: #fff; color: #1b1b1b; text-align: left;
      border-top: .3rem solid #b3261e; box-shadow: 0 -.2rem 1rem #0006; font: 1rem/1.4 system-ui, sans-serif; }
    section.quiet { border-top: 1px solid #767676; padding: .25rem 1rem; }
    [hidden], :empty { display: none !important; }
    h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
    ul { margin: 0; padding: 0; list-style: none; }
    li { margin: 0 0 .75rem; overflow-wrap: anywhere; }
    code, a { font: .9rem/1.4 ui-monospace, monospace; font-weight: bold; color: #b3261e; }
    .note code, .note a { color: #5c4a00; }
    p { margin: .1rem 0; }
    .signs { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; }
    button { font: inherit; min-height: 2rem; padding: 0 .5rem; color: inherit; background: none;
      border: 1px solid #767676; border-radius: .25rem; cursor: pointer; }
    @media print { section { display: none; } }`;

  let seen = "", isListed = false, said = null, shown = "", isLost = false, timer = 0;
  const host = document.createElement("campaign-serve");
  const box = host.attachShadow({ mode: "open" });
  // A page's policy doesn't forbid a style sheet made by a script.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK);
  box.adoptedStyleSheets = [sheet];
  const section = make("section", ""), wrongs = make("div", ""), signs = make("div", ""), others = make("div", "");
  const status = make("span", ""), more = make("button", "");
  section.lang = "en";
  section.dir = "ltr";
  section.setAttribute("aria-label", "campaign serve");
  section.append(wrongs, signs, others);
  signs.className = "signs";
  signs.append(status, more);
  status.setAttribute("role", "status");
  more.type = "button";
  more.addEventListener("click", () => {
    isListed = !isListed;
    shown = "";
    show();
  });
  box.append(section);

  function make(name, text) {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  }

  function entry(problem) {
    const item = document.createElement("li");
    const where = make(problem.page ? "a" : "code", problem.where);
    if (problem.page) where.href = "/" + encodeURI(problem.page);
    item.className = problem.stops ? "" : "note";
    item.append(where, make("p", problem.what), make("p", problem.fix));
    return item;
  }

  function list(problems) {
    const items = document.createElement("ul");
    items.append(...problems.map(entry));
    return items;
  }

  function count(number, one, many) {
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  }

  function show() {
    const wrong = said.here.filter((each) => each.stops);
    const rest = [...said.here.filter((each) => !each.stops), ...said.elsewhere];
    status.textContent = isLost ? "`campaign serve` has ended." : said.making;
    section.className = wrong.length ? "" : "quiet";
    section.hidden = !(wrong.length || status.textContent || rest.length);
    if (!host.isConnected) document.body.append(host);
    // The page and its scroll position stay while only the badge changes.
    const now = JSON.stringify([said.here, said.elsewhere]);
    if (now !== shown) showProblems(wrong, rest);
    shown = now;
    // The end of the page can be scrolled to all the same.
    document.body.style.paddingBottom = section.hidden ? "" : `${section.offsetHeight}px`;
  }

  function showProblems(wrong, rest) {
    const stopping = rest.filter((each) => each.stops).length;
    const words = [
      ...count(stopping, "mistake elsewhere", "mistakes elsewhere"),
      ...count(rest.length - stopping, "note", "notes"),
    ];
    wrongs.replaceChildren();
    if (wrong.length) wrongs.append(make("h2", "To be mended. The page is shown as it was before."), list(wrong));
    more.textContent = words.join(", ");
    more.setAttribute("aria-expanded", String(isListed));
    others.replaceChildren();
    if (isListed && rest.length) others.append(list(rest));
  }

  async function ask() {
    clearTimeout(timer);
    try {
      const query = new URLSearchParams({ page: location.pathname, seen });
      const answer = await fetch(`/_serve/state?${query}`, { cache: "no-store" });
      const wasLost = isLost;
      isLost = false;
      if (answer.status === 200) {
        seen = answer.headers.get("ETag");
        said = await answer.json();
        if (said.version !== me.dataset.version) {
          location.reload();
          timer = setTimeout(ask, SELDOM); // a browser that is kept from it is not asked again and again
          return;
        }
      }
      if (said && (answer.status === 200 || wasLost)) show();
    } catch {
      isLost = true;
      if (said) show();
    }
    timer = setTimeout(ask, document.hidden || isLost ? SELDOM : OFTEN);
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  ask();
})();
