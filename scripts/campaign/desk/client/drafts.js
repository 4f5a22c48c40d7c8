// What is typed stays in this browser until it is saved: after a failed save, a crash or a restart of the desk it is
// offered again. Runs before the other scripts, so that a draft is in its fields before an editor reads them.
(() => {
  const desk = document.querySelector("meta[name=desk-drafts]"), words = JSON.parse(desk.dataset.words);
  const prefix = `desk ${desk.content} `, here = location.pathname.replace(/^\/[^/]+/, ""), FEW = 400, LONG = 200000, TOO_LONG = 2000000;
  const OURS = ["token", "version", "sent", "sure"], DAYS = 30 * 86400e3;
  const forms = () => [...document.querySelectorAll("main :is(form.form, form.sentence)[method=post]:not([data-kept])")].filter((form) =>
    form.querySelector("textarea, input:not([type]), input[type=text], input[type=tel], input[type=email], input[type=url], input[type=search]"));
  // A form is known by where it leads to, its sentence or name, and its place among those that lead there.
  const keyOf = (form) => `${prefix}${here} ${form.getAttribute("action").replace(/^\/[^/]+/, "")} ${form.elements.key?.value ?? form.id}`;
  const fieldsOf = (form) => [...form.elements].filter((each) => each.name && form.contains(each) && !OURS.includes(each.name) && each.type !== "hidden" &&
    !["file", "password", "submit", "button"].includes(each.type));
  const valueOf = (field) => ["checkbox", "radio"].includes(field.type) ? field.checked : (field.typed?.() ?? field.value);
  const isDefault = (field) => ["checkbox", "radio"].includes(field.type) ? field.checked === field.defaultChecked :
    field.options ? [...field.options].every((each) => each.selected === each.defaultSelected) || field.selectedIndex === 0 : valueOf(field) === field.defaultValue;
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: nothing is kept */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* the same */ } },
    keys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
  };
  const keep = (form) => {
    const fields = fieldsOf(form);
    if (fields.every(isDefault)) { if (!form.dataset.draft) store.drop(keyOf(form)); return; }
    const values = fields.map((each) => [each.name, valueOf(each)]);
    if (JSON.stringify(values).length < TOO_LONG) store.set(keyOf(form), { at: Date.now(), values });
  };
  const fill = (form, values) => {
    const left = [...values];
    for (const field of fieldsOf(form)) {
      const at = left.findIndex(([name]) => name === field.name);
      if (at < 0) continue;
      const [[, value]] = left.splice(at, 1);
      if (typeof value === "boolean") field.checked = value; else field.value = value;
    }
  };
  // What was saved is kept no longer.
  const saved = new URL(location.href).searchParams.has("saved") || here.startsWith("/jobs/");
  for (const key of store.keys()) {
    const draft = store.get(key);
    if (!draft || Date.now() - draft.at > DAYS || (draft.sent && saved)) store.drop(key);
    else if (draft.sent) store.set(key, { ...draft, sent: false });
  }
  const offer = (form, key, draft) => {
    const box = document.createElement("p"), asked = document.createElement("span");
    box.className = "message draft";
    box.setAttribute("role", "status");
    asked.textContent = words.found.replace("{date}", new Date(draft.at).toLocaleString());
    const button = (said, work) => {
      const made = document.createElement("button");
      made.type = "button"; made.textContent = said; made.className = "plain";
      made.addEventListener("click", work);
      return made;
    };
    form.dataset.draft = "yes";
    box.append(asked, " ", button(words.restore, () => {
      try { sessionStorage.setItem("desk restores", key); } catch { return; }
      form.dataset.draft = "";
      dispatchEvent(new CustomEvent("desk:leaves"));
      location.reload();
    }), " ", button(words.discard, () => { store.drop(key); form.dataset.draft = ""; box.remove(); }));
    form.before(box);
  };
  let restoring = "";
  try { restoring = sessionStorage.getItem("desk restores") ?? ""; sessionStorage.removeItem("desk restores"); } catch { /* none */ }
  for (const form of forms()) {
    const key = keyOf(form), draft = store.get(key);
    if (!draft || document.querySelector("main[data-typed]")) continue;
    const current = JSON.stringify(fieldsOf(form).map((each) => [each.name, valueOf(each)]));
    if (current === JSON.stringify(draft.values)) store.drop(key);
    else if (restoring === key) { fill(form, draft.values); document.querySelector("main").dataset.typed = ""; }
    else offer(form, key, draft);
  }
  let waiting = 0;
  const typed = new Set();
  const keepAll = () => { clearTimeout(waiting); waiting = 0; typed.forEach(keep); typed.clear(); };
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("main :is(form.form, form.sentence)[method=post]:not([data-kept])");
    if (!form) return;
    form.dataset.draft = "";
    typed.add(form);
    waiting ||= setTimeout(keepAll, FEW);
  });
  addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", keepAll);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    keepAll();
    const to = form.getAttribute("action").replace(/^\/[^/]+/, "").split("?")[0];
    const keys = form.matches("[data-kept]") ? store.keys().filter((key) => key.includes(` ${to} `)) : [keyOf(form)];
    for (const key of keys) if (store.get(key)) store.set(key, { ...store.get(key), sent: true });
  }, true);

  // Whether the desk still runs, before anybody types more.
  const banner = document.getElementById("desk-stopped");
  let asked = 0, isThere = true;
  const say = (text) => {
    if (text) banner.setAttribute("role", "alert"); else banner.removeAttribute("role");
    banner.textContent = text; banner.hidden = !text;
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
  // A form that cannot be taken stays as it is, with all that is in it.
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
  document.addEventListener("htmx:after:swap", () => {
    for (const key of store.keys()) if (store.get(key)?.sent) store.drop(key);
  });

  // A whole book in the clipboard is asked about, and what would stop the browser stays out.
  for (const name of ["paste", "drop"]) {
    document.addEventListener(name, (event) => {
      const given = event.clipboardData ?? event.dataTransfer;
      const size = Math.max(...["text/plain", "text/html"].map((kind) => given?.getData(kind).length ?? 0));
      if (size <= LONG) return;
      if (size > TOO_LONG) say(words.huge);
      else if (confirm(words.long.replace("{count}", Math.round(size / 1000)))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }
})();
