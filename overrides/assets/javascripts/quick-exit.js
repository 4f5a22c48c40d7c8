// In every page, before everything else, so that leaving works from the first moment and a tab that was left stays left.
// Its element has the target (data-to) and its title (data-title).
// Old phones run this: no arrow functions, no classes.
// One letter each where this is read by a phone: others isTold event on me isAlone place link wasBusy isOver error title isFile words count timer note work LEFT type which blank entry say icon root isAgain all
(function (d, w) {
  var me = d.currentScript, root = d.documentElement, title = me.dataset.title;
  // The name of a tab that was left: the only thing a page can record without storing anything. Browsers forget it
  // with the tab. The neutral page sets it too, so that Back from there finds it.
  var LEFT = "_n", to = me.dataset.to, count = 0, isFile = /^f/.test(location.protocol), link = d.createElement("a"), isAlone, timer;
  var others = w.BroadcastChannel && new BroadcastChannel(LEFT);

  // The page for wrong addresses, opened from a stick, names it from the root of a host.
  if (isFile) to = to.replace(/^\/.*(?=w\/)/, "");
  // In full, because the address of the page will change.
  link.href = to;
  to = link.href;

  function on(type, work) {
    w.addEventListener(type, work, true);
  }

  // Whether this page was reached by Back, Forward or a reload, and not by a link or by typing.
  function isAgain() {
    var entry = performance.getEntriesByType("navigation")[0];
    return entry ? /^[rb]/.test(entry.type) : performance.navigation.type;
  }

  // Remove the page from view, and from the tab's title and icon.
  function blank() {
    var head = d.createElement("head"), icon = d.querySelector("[rel=icon]");
    if (icon) {
      icon.href = "data:,";
      head.appendChild(icon);
    }
    root.replaceChild(head, d.head);
    d.title = title;
    d.body = d.createElement("body");
  }

  function leave(isTold) {
    var words = say(), note = d.createElement("p");
    w.name = LEFT;
    if (others && !isTold) others.postMessage(0);
    blank();
    d.body.appendChild(note);
    note.style.opacity = 0;
    note.setAttribute("role", "alert");
    note.textContent = words[3];
    // Nothing that still loads or is being saved goes on.
    w.dispatchEvent(new Event("pagehide"));
    if (w.stop) w.stop();
    depart();
    // Back leads to this empty page, and not to one that can't be loaded.
    if (!isFile) history.pushState(null, "", to);
  }

  // Take the neutral page's address at once, and load it if it can be reached: then, or when there is a network again.
  function depart() {
    function go() {
      location.replace(to);
    }
    if (isFile) return go();
    history.replaceState(null, "", to);
    w.ononline = function () { ifReached(to, "<textarea", go, Object); };
    ifReached(to, "<textarea", go, Object);
  }

  // Announce to screen readers: 0 two more presses, 1 one more press, 2 too late, 3 leaving.
  function say(which) {
    var place = d.querySelector("[data-say]"), words = place ? place.dataset.say.split("|") : [];
    if (which >= 0 && place) place.textContent = words[which];
    return words;
  }

  // Whether the neutral page was still cleaning this tab's history (see neutral.js) when another site was opened.
  function wasBusy(isOver) {
    try {
      if (isOver) delete sessionStorage[LEFT];
      return sessionStorage[LEFT];
    } catch (error) {}
  }

  if (w.name === LEFT || wasBusy()) {
    // Back, Forward or a reload in a tab that was left. Following a link or typing the address is deliberate and ends
    // it.
    if (isAgain()) {
      root.hidden = true;
      d.title = title;
      on("DOMContentLoaded", blank);
      return depart();
    }
    w.name = "";
    wasBusy(1);
  }

  // A browser may restore a page from its back/forward cache without running this. Firefox restores the page's own tab
  // name, so it must not cache the page: a page that holds a lock isn't cached. Chromium restores the tab's present
  // name: it caches an empty page, which is then reloaded.
  if (w.navigator.locks) navigator.locks.request(LEFT, { mode: "shared" }, function () {
    return new Promise(function () {});
  }).catch(function () {});
  on("pagehide", function (event) {
    if (event.persisted) root.hidden = true;
  });
  on("pageshow", function (event) {
    if (!event.persisted) return;
    if (w.name !== LEFT) return location.reload();
    blank();
    depart();
  });

  // The site's other tabs are left too, where a browser lets tabs talk: not by file://.
  if (others) others.onmessage = leave;

  on("click", function (event) {
    link = event.target;
    while (link && link.tagName !== "A") link = link.parentNode;
    if (!link || !/\bleave\b/.test(link.className) || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave();
  });

  // Shift three times, each within five seconds of the one before; Shift held for another key is not a press.
  on("keydown", function (event) {
    if (event.key !== "Shift") {
      isAlone = count = 0;
      clearTimeout(timer);
    } else if (!event.repeat) isAlone = !event.ctrlKey && !event.altKey && !event.metaKey;
  });
  on("mousedown", function () { isAlone = 0; });
  on("keyup", function (event) {
    if (event.key !== "Shift" || !isAlone) return;
    isAlone = 0;
    clearTimeout(timer);
    if (++count > 2) return leave();
    say(count - 1);
    timer = setTimeout(function () { count = 0; say(2); }, 5000);
  });
})(document, window);
