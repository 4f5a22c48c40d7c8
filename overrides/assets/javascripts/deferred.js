// Loaded by first.js after a page's first paint: fetches the search when its field gets the focus, and the script
// for the saved copy on request; adds the styles that phones don't need at once; shows buttons that the phone supports.
// Reading, calling, leaving and following links work without it.
(function (d, w) {
  var form = d.getElementsByClassName("search")[0], share = d.querySelector(".share"), failed, asked, pattern;
  var me = d.querySelector("[data-rest]"), worker = navigator.serviceWorker, home = form && form.parentNode;
  var menu = d.querySelector(".row .to-menu"), wide = w.matchMedia && w.matchMedia("(min-width: 56.25em)");
  var listen = d.querySelector(".listen"), speech = w.speechSynthesis, contents = d.querySelector(".contents");
  var styles = d.querySelector("noscript");

  // The styles for print and forced colours; a wide screen has them already.
  if (styles && !d.querySelector("[rel=stylesheet]")) d.head.insertAdjacentHTML("beforeend", styles.textContent);

  // On wide screens the contents are open beside the text.
  function unfold() {
    if (wide.matches) contents.open = true;
  }
  if (contents && wide) {
    unfold();
    wide.addListener(unfold);
  }

  // Browsers before 2025 print folded texts closed.
  w.addEventListener("beforeprint", function () {
    [].forEach.call(d.querySelectorAll(".fold"), function (fold) { fold.open = true; });
  });

  // The number of a source leads to a folded list, which older browsers leave closed.
  function openTarget() {
    var target = d.getElementById(location.hash.slice(1)), node = target;
    while (node && !/\bfold\b/.test(node.className)) node = node.parentNode;
    if (!node || node.open) return;
    node.open = true;
    target.scrollIntoView();
  }
  w.addEventListener("hashchange", openTarget);
  openTarget();

  function run(then) {
    var script;
    if (w.savedCopy) return then(w.savedCopy);
    script = d.createElement("script");
    script.src = me.getAttribute("data-rest").replace(/[^/]*$/, d.documentElement.lang + "/offline-copy.js");
    script.onload = function () { then(w.savedCopy); };
    d.head.appendChild(script);
  }

  // Only with forgetting:
  d.addEventListener("click", function (event) {
    var link = event.target;
    if (!/\bforget\b/.test(link.className) || !w.Promise) return;
    event.preventDefault();
    run(function (copy) { copy.forget(link); });
  });
  // End of forgetting

  function visit() {
    if (d.querySelector(".offline-copy") && w.Promise) run(function (copy) { copy.show(); });
    else if (worker && worker.controller) run(function (copy) { copy.look(); });
    // Only with leaving:
    // The neutral page waits in the browser's cache, so that leaving takes no time and no network.
    else if (me.dataset.to && w.fetch && location.protocol !== "file:") fetch(me.dataset.to).catch(function () {});
    // End of leaving
  }
  if (d.readyState === "complete") visit();
  else w.addEventListener("load", visit);

  function load() {
    var script;
    if (asked) return;
    asked = true;
    script = d.createElement("script");
    script.src = form.getAttribute("data-search");
    script.onerror = function () { failed = true; };
    d.head.appendChild(script);
  }
  // On wide screens the search is in the header, before the menu; on others at the head of the menu.
  function place() {
    var field = d.activeElement, wasActive = form.contains(field);
    if (wide.matches) menu.parentNode.insertBefore(form, menu);
    else home.insertBefore(form, home.firstChild);
    if (wasActive) field.focus();
  }

  if (form) {
    if (menu && wide && /\bfoot\b/.test(home.parentNode.parentNode.className)) {
      place();
      wide.addListener(place);
    }
    form.addEventListener("focusin", load);
    if (form.contains(d.activeElement)) load();
    // Without the script the form leads to the A–Z list, and also if the script doesn't load.
    form.addEventListener("submit", function (event) {
      load();
      if (!failed) event.preventDefault();
    });
  }

  // The first of the phone's own voices in a language; others would send the text away. Android has old codes.
  function voiceIn(language) {
    return speech && speech.getVoices().filter(function (voice) {
      var code = voice.lang.toLowerCase().split(/[-_]/)[0];
      return voice.localService && ({ in: "id", iw: "he", tl: "fil" }[code] || code) === language.split("-")[0];
    })[0];
  }

  function offer() {
    listen.hidden = !d.querySelector("#page-listen") && !voiceIn(d.querySelector("article").closest("[lang]").lang);
  }

  if (listen && listen.closest) {
    listen.voiceIn = voiceIn;
    listen.querySelector("button").onclick = function () {
      this.onclick = null;
      d.head.appendChild(d.createElement("script")).src = listen.getAttribute("data-listen");
    };
    if (speech) speech.onvoiceschanged = offer;
    offer();
  }

  function copy(text) {
    var field = d.createElement("textarea"), done;
    field.value = text;
    field.setAttribute("readonly", "");
    field.style.position = "fixed";
    field.style.opacity = "0";
    d.body.appendChild(field);
    field.select();
    try { done = d.execCommand("copy"); } catch (error) { done = false; }
    d.body.removeChild(field);
    return done;
  }

  if (!share) return;
  pattern = share.querySelector("button");
  if (navigator.share) {
    share.hidden = false;
    pattern.addEventListener("click", function () {
      navigator.share({
        // Only with descriptions:
        text: (d.querySelector("[name=description]") || {}).content,
        // End of descriptions
        title: d.title, url: location.href.split("#")[0] }).catch(function () {});
    });
  }
  // Only with other names:
  // A card for the phone book, if the phone can save a file.
  if (share.getAttribute("data-card") && w.Promise && w.Blob && "download" in d.createElement("a")) {
    [].forEach.call(d.querySelectorAll(".contact-number a[href^='tel:']"), function (link) {
      var made = link.parentNode.appendChild(pattern.cloneNode());
      made.textContent = share.getAttribute("data-card");
      made.lang = share.lang;
      made.addEventListener("click", function () {
        run(function (copy) { copy.card(link.getAttribute("href").slice(4)); });
      });
    });
  }
  // End of other names
  if (!d.queryCommandSupported || !d.queryCommandSupported("copy")) return;
  [].forEach.call(d.querySelectorAll(".contact-number"), function (line) {
    var number = line.querySelector(".number").textContent, made = line.appendChild(pattern.cloneNode());
    var said = line.appendChild(d.createElement("span"));
    made.textContent = share.getAttribute("data-copy");
    made.setAttribute("aria-label", made.textContent + " " + number);
    made.lang = said.lang = share.lang;
    said.setAttribute("role", "status");
    made.addEventListener("click", function () {
      said.textContent = copy(number) ? share.getAttribute("data-copied") : "";
      made.focus();
    });
  });
})(document, window);
