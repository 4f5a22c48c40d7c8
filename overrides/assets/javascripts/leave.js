// Stands inside every page, before all else, so that leaving works from the first moment and a tab that has been left
// stays left. Its element says where to go (data-to), under which title (data-title), and which script knows the
// saved copy (data-more). Old phones run this: no arrow functions, no classes.
(function (d, w) {
  var me = d.currentScript, root = d.documentElement, title = me.getAttribute("data-title");
  // The name of this tab while it has been left: the one thing a page can note without storing anything. Browsers
  // forget it with the tab. The neutral page sets it too, so that Back from there finds it.
  var LEFT = "_n", to = address("data-to"), more = address("data-more"), hasLeft = w.name === LEFT;
  var count = 0, isAlone = false, timer;

  function address(name) {
    return new URL(me.getAttribute(name), location).href;
  }

  // How this page was reached: 0 by a link or by typing, 1 reloaded, 2 by Back or Forward.
  function way() {
    var entry = performance.getEntriesByType("navigation")[0];
    return entry ? { reload: 1, back_forward: 2 }[entry.type] : performance.navigation.type;
  }

  // Nothing of the page stays in sight, nor in the tab's title and picture.
  function blank() {
    var all = d.querySelectorAll("style,[rel=stylesheet]"), i = all.length;
    d.title = title;
    d.querySelector("[rel=icon]").href = "data:,";
    while (i--) all[i].remove();
    d.body = d.createElement("body");
  }

  function leave() {
    var words = say(), worker = navigator.serviceWorker, note = d.createElement("p");
    w.name = LEFT;
    blank();
    d.body.appendChild(note);
    note.style.opacity = 0;
    note.setAttribute("role", "alert");
    note.textContent = words[3];
    // With no network and nothing saved there is nowhere to go: the page that has been emptied takes the address.
    if (location.protocol !== "file:" && !navigator.onLine && (w.isForgotten || !(worker && worker.controller))) {
      history.replaceState(null, "", to);
    } else {
      location.replace(to);
    }
  }

  // Says one of its words to screen readers: 0 two presses more, 1 one press more, 2 too late, 3 on the way.
  function say(which) {
    var link = d.querySelector("[data-say]"), words = link ? link.getAttribute("data-say").split("|") : [];
    var place = d.querySelector(".leave-said");
    if (place && which >= 0) place.textContent = words[which];
    return words;
  }

  function reset() {
    count = 0;
    clearTimeout(timer);
  }

  function run(then) {
    var script;
    if (w.savedCopy) return then(w.savedCopy);
    script = d.createElement("script");
    script.src = more;
    script.onload = function () { then(w.savedCopy); };
    d.head.appendChild(script);
  }

  if (hasLeft && way()) {
    // Back, Forward or a reload in a tab that has been left. Whoever follows a link or types the address comes on
    // purpose: that ends it.
    root.hidden = true;
    d.title = title;
    d.addEventListener("DOMContentLoaded", blank);
    location.replace(to);
    return;
  }
  if (hasLeft) w.name = "";

  // A browser may keep a page whole and show it again on Back, without running this, and Chromium shows it under the
  // name that the tab had then. So what it keeps is an empty page, and that page is loaded again.
  w.addEventListener("pagehide", function (event) {
    if (event.persisted) root.hidden = true;
  });
  w.addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });

  d.addEventListener("click", function (event) {
    var link = event.target;
    while (link && link.tagName !== "A") link = link.parentNode;
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (/\bleave\b/.test(link.className)) {
      event.preventDefault();
      leave();
    } else if (/\bforget\b/.test(link.className) && w.Promise) {
      event.preventDefault();
      run(function (copy) { copy.forget(link); });
    }
  });

  // Shift three times, each within five seconds of the one before; Shift held for another key is not a press.
  w.addEventListener("keydown", function (event) {
    if (event.key !== "Shift") {
      isAlone = false;
      reset();
    } else if (!event.repeat) {
      isAlone = !event.ctrlKey && !event.altKey && !event.metaKey;
    }
  }, true);
  w.addEventListener("mousedown", function () { isAlone = false; }, true);
  w.addEventListener("keyup", function (event) {
    if (event.key !== "Shift" || !isAlone) return;
    isAlone = false;
    clearTimeout(timer);
    if (++count > 2) return leave();
    say(count - 1);
    timer = setTimeout(function () { reset(); say(2); }, 5000);
  }, true);

  w.addEventListener("load", function () {
    var worker = navigator.serviceWorker;
    if (d.querySelector(".saving") && w.Promise) run(function (copy) { copy.show(); });
    else if (worker && worker.controller) run(function (copy) { copy.look(); });
    // The neutral page waits in the browser's own cache: leaving takes no time then, and no network.
    else if (w.fetch && location.protocol !== "file:") fetch(to).catch(function () {});
  });
})(document, window);
