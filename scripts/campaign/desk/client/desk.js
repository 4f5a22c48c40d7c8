// Functions of the desk that need a script: htmx's token, printing, announcing saves, and warning before unsaved text
// is lost.
(() => {
  const token = document.querySelector("meta[name=desk-token]").content;
  const today = document.getElementById("today");
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    ctx.request.headers["X-Desk-Token"] = token;
    if (today) ctx.request.headers["X-Desk-Seen"] = today.dataset.seen;
  });
  // Today refreshes itself: the focus stays in the list when its entry is fixed.
  let focused;
  document.addEventListener("htmx:before:swap", () => { focused = document.activeElement; });
  document.addEventListener("htmx:after:swap", () => { if (!focused?.isConnected) today?.focus({ preventScroll: true }); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });
  // Ctrl+Enter in a sentence saves it and moves to the next.
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form.sentence");
    if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.nextElementSibling?.querySelector("textarea")?.focus();
    form.requestSubmit();
  });
  // The page that waits for the campaign continues on its own, unless another page is being opened.
  let left = 0;
  addEventListener("beforeunload", () => { left = Date.now(); });
  const waiting = document.getElementById("waiting");
  if (waiting) {
    new MutationObserver(() => {
      if (waiting.querySelector("[data-read]") && Date.now() - left > 30000) location.reload();
    }).observe(waiting, { childList: true });
  }
  // Announce the result of a save: screen readers only read text that appears later, so the visible text is copied into
  // a live region.
  for (const each of document.querySelectorAll("[data-said], [role=alert]")) {
    const said = [...each.childNodes], looks = each.className, copy = each.cloneNode(true);
    for (const name of ["role", "data-said", "id"]) copy.removeAttribute(name);
    copy.inert = true;
    each.before(copy);
    each.className = "hidden";
    each.replaceChildren();
    setTimeout(() => { each.append(...said); each.className = looks; copy.remove(); }, 200);
  }
  // A reload doesn't repeat the message, unless the page has only waited for the campaign and hasn't shown it yet.
  const here = new URL(location.href);
  if (here.searchParams.has("saved") && !waiting) {
    addEventListener("load", () => {
      document.getElementById("saved")?.scrollIntoView({ block: "center" });
      for (const key of ["saved", "at", "before"]) here.searchParams.delete(key);
      here.hash = "";
      history.replaceState(history.state, "", here);
    });
  }
  // Mark the line of a file that has to be fixed, and scroll to it.
  const marked = document.querySelector("textarea[data-line]");
  if (marked) {
    const lines = marked.value.split("\n"), at = Math.min(marked.dataset.line, lines.length) - 1;
    const begin = lines.slice(0, at).join("\n").length + (at ? 1 : 0);
    marked.setSelectionRange(begin, begin);
    marked.focus();
    marked.setSelectionRange(begin, begin + lines[at].length);
  }
  // If the menu is a single line, scroll the current entry into view.
  const menu = document.querySelector(".top nav"), current = menu?.querySelector("[aria-current]");
  if (current) menu.scrollLeft = current.offsetLeft - menu.clientWidth / 3;
  let isTyped = !!document.querySelector("[data-typed]");
  document.addEventListener("input", (event) => { if (event.target.closest("form.form")) isTyped = true; });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form.sentence")) event.target.dataset.sent = event.target.elements.text.value;
    else isTyped = false;
  });
  // Each sentence is saved separately, so unsent text in any of them would be lost.
  const isOpen = (each) => each.value !== (each.form.dataset.sent ?? each.defaultValue);
  addEventListener("beforeunload", (event) => {
    if (isTyped || [...document.querySelectorAll("form.sentence textarea")].some(isOpen)) event.preventDefault();
  });
})();
