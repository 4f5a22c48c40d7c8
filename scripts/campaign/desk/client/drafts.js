// Text is kept while it is typed: by the desk, and in this browser for when the desk has stopped. Until it is saved it
// is offered again, on its page and on the first one. Addresses to publish to may hold a password and are not kept.
(() => {
  const desk = document.querySelector("meta[name=desk-drafts]"), words = JSON.parse(desk.dataset.words);
  const main = document.querySelector("main"), isGivenBack = !!document.querySelector("main[data-typed], main form[data-typed]") || !!desk.dataset.resumed;
  const prefix = `desk ${desk.content} `, here = location.pathname.replace(/^\/[^/]+/, "");
  const KEEP_AFTER_MS = 400, ASK_FROM = 200000, MAX_PASTE = 2000000, MAX_AGE_MS = 30 * 86400e3, MAX_OFFERS = 5, MAX_KEEPALIVE = 60000;
  const FORMS = "main form:is(.form, .sentence)[method=post]:not([data-draft=no])", UNKEPT = ["file", "password", "submit", "button"];
  const hasText = (form) => form.querySelector("textarea, input:not([type]), input:is([type=text], [type=tel], [type=email], [type=url], [type=search])");
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(prefix + key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(prefix + key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
    drop(key) { try { localStorage.removeItem(prefix + key); } catch { /* forbidden */ } },
    keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)); } catch { return []; } },
  };
  const send = (fields) => {
    const body = new URLSearchParams(fields), headers = { "X-Desk-Token": document.querySelector("meta[name=desk-token]").content };
    return fetch(desk.dataset.address, { method: "POST", headers, body, keepalive: `${body}`.length < MAX_KEEPALIVE }).catch(() => null);
  };
  const pathBelow = (address) => new URL(address, location.href).pathname.replace(/^\/[^/]+/, "");
  const drafts = new WeakMap(), unchanged = new WeakMap(), known = new Set();
  const isResumed = (form) => desk.dataset.resumed.split(" ")[1] === pathBelow(form.getAttribute("action"));
  // A draft belongs to one form in one window; the desk reads the form's address from its key.
  const keyOf = (form) => {
    if (!drafts.has(form)) {
      const given = form.querySelector("input[name=draft-key]")?.value || (isResumed(form) && desk.dataset.resumed);
      drafts.set(form, given || `${here} ${pathBelow(form.getAttribute("action"))} ${Date.now()}${Math.random()}`);
    }
    return drafts.get(form);
  };
  const read = (form) => [...form.elements].filter((field) => field.name && form.contains(field) && !UNKEPT.includes(field.type) &&
    !["token", "draft-key"].includes(field.name) && (!["checkbox", "radio"].includes(field.type) || field.checked))
    .map((field) => [field.name, field.typed?.() ?? field.value]);
  const drop = (key) => { store.drop(key); known.delete(key); send({ key, drop: 1 }); };
  const keep = (form) => {
    const values = JSON.stringify(read(form)), key = keyOf(form), at = Date.now();
    if (!isGivenBack && values === unchanged.get(form)) { if (known.has(key)) drop(key); return; }
    if (values.length > 2 * MAX_PASTE) return;
    known.add(key);
    store.set(key, { at, values });
    send({ key, at, values });
  };
  const remember = (form) => { if (form && hasText(form) && !unchanged.has(form)) unchanged.set(form, JSON.stringify(read(form))); };
  let waiting = 0;
  const typed = new Set();
  const keepAll = () => { clearTimeout(waiting); waiting = 0; typed.forEach(keep); typed.clear(); };
  document.querySelectorAll(FORMS).forEach(remember);
  document.addEventListener("focusin", (event) => remember(event.target.closest?.(FORMS)), true);
  for (const name of ["input", "click"]) {
    document.addEventListener(name, (event) => {
      const form = event.target.closest?.(FORMS);
      if (!form || !unchanged.has(form)) return;
      typed.add(form);
      waiting ||= setTimeout(keepAll, KEEP_AFTER_MS);
    });
  }
  addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", keepAll);
  // The desk forgets the draft of a form that it could save.
  document.addEventListener("submit", ({ target: form }) => {
    keepAll();
    if (!(drafts.has(form) || isResumed(form)) || form.querySelector("input[name=draft-key]")) return;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "draft-key", value: keyOf(form) });
    form.append(field);
  }, true);

  const link = (draft) => {
    const [page] = draft.key.split(" "), to = new URL(location.href);
    if (page !== here) Object.assign(to, { pathname: location.pathname.match(/^\/[^/]+/)[0] + page, search: "" });
    to.hash = "";
    to.searchParams.set("restore", draft.key);
    return to.href;
  };
  const offer = (draft) => {
    const box = document.createElement("p"), asked = document.createElement("span"), restore = document.createElement("a"), discard = document.createElement("button");
    const [page] = draft.key.split(" ");
    box.className = "message draft";
    box.setAttribute("role", "note");
    asked.textContent = words.found.replace("{date}", new Date(draft.at).toLocaleString()) + (page === here ? "" : ` (${decodeURIComponent(page)})`);
    Object.assign(restore, { href: link(draft), textContent: words.restore, className: "button" });
    Object.assign(discard, { type: "button", textContent: words.discard, className: "plain" });
    discard.addEventListener("click", () => { drop(draft.key); box.remove(); });
    box.append(asked, " ", restore, " ", discard);
    main.prepend(box);
  };
  const begin = async () => {
    for (const key of JSON.parse(desk.dataset.dropped)) store.drop(key);
    const kept = new Map(JSON.parse(desk.dataset.kept).map((draft) => [draft.key, draft.at]));
    for (const key of store.keys()) {
      const draft = store.get(key);
      if (!draft || Date.now() - draft.at > MAX_AGE_MS) { store.drop(key); continue; }
      if ((kept.get(key) ?? 0) < draft.at && (await send({ key, ...draft }))?.ok) kept.set(key, draft.at);
    }
    if (isGivenBack) return;
    const offered = [...kept].filter(([key]) => here === "/" || key.startsWith(`${here} `)).sort(([, a], [, b]) => b - a);
    for (const [key, at] of offered.slice(0, MAX_OFFERS).reverse()) offer({ key, at });
  };
  begin();

  // Whether the desk still runs, before anybody types more.
  const banner = document.getElementById("desk-stopped");
  let asked = 0, isThere = true;
  const say = (text) => {
    if (text) banner.setAttribute("role", "alert"); else banner.removeAttribute("role");
    banner.textContent = text; banner.hidden = !text; banner.className = text ? "message" : "";
  };
  const look = async (isNow) => {
    if (!isNow && Date.now() - asked < 4000) return isThere;
    asked = Date.now();
    try { isThere = (await fetch(desk.dataset.alive, { cache: "no-store" })).ok; } catch { isThere = false; }
    if (!isThere) { keepAll(); say(words.stopped); } else if (banner.textContent === words.stopped) say("");
    return isThere;
  };
  for (const name of ["focusin", "input", "pointerdown"]) document.addEventListener(name, () => look(false));
  addEventListener("focus", () => look(true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(true); });
  setInterval(() => { if (!document.hidden) look(false); }, 10000);
  // A form that can't be restored stays as it is, with its content.
  document.addEventListener("submit", (event) => {
    if (isThere) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    banner.scrollIntoView({ block: "center" });
    look(true);
  }, true);
  document.addEventListener("htmx:before:response", (event) => {
    const { response } = event.detail.ctx;
    if (response && response.status >= 403 && response.status !== 422) { event.preventDefault(); say(words.failed); }
  });
  document.addEventListener("htmx:error", () => look(true));

  // The desk asks before it pastes a very long text, and refuses one that would freeze the browser.
  for (const name of ["paste", "drop"]) {
    document.addEventListener(name, (event) => {
      const given = event.clipboardData ?? event.dataTransfer;
      const size = Math.max(...["text/plain", "text/html"].map((kind) => given?.getData(kind).length ?? 0));
      if (size <= ASK_FROM) return;
      if (size > MAX_PASTE) say(words.huge);
      else if (confirm(words.long.replace("{count}", Math.round(size / 1000)))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }
})();
