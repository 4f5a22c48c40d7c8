// In the neutral page. Marks the tab as left (see quick-exit.js) and, in browsers with the Navigation API, removes the
// campaign's pages from the tab's history, where two quick Backs or the history list would find them.
(function (w) {
  var LEFT = "_n", api = w.navigation;

  function isNeutral(entry) {
    return /\/w\/[\w-]+\.html$/.test((entry.url || "").split(/[?#]/)[0]);
  }

  // Whether the page was reached by leaving, and not by its own address.
  function isLeft() {
    try {
      return w.name === LEFT || sessionStorage[LEFT];
    } catch (error) {}
  }

  // Record that the tab is being left, in case another site is opened meanwhile and changes the tab's name. The record
  // is removed once the history is clean.
  function note(isBusy) {
    try {
      if (isBusy) sessionStorage[LEFT] = 1;
      else delete sessionStorage[LEFT];
    } catch (error) {}
  }

  // Go back to the first page of the campaign, which then turns into this page (a tab that was left shows nothing
  // else). From there a new entry cuts off all later ones. A page that can't be reached can't turn: ask the server, and
  // not a browser's cache, for this page (the entries hide their addresses, because the site sends no referrers).
  function forget() {
    var all = api ? api.entries() : [], at = all.length && api.currentEntry.index, first = 0;
    while (first < all.length && (first === at || isNeutral(all[first]))) first++;
    note(first < at);
    if (first < at) ifReached(location.pathname + "?" + Date.now(), "<textarea", function () { api.traverseTo(all[first].key); }, function () { note(); });
    else if (first > at && first < all.length) history.pushState(null, "", location.href);
  }

  var hasLeft = isLeft();
  w.onpageshow = function () {
    // Twice, because a browser that restores this page from its cache only notices a change.
    w.name = "";
    w.name = LEFT;
    if (hasLeft) forget();
  };
  w.name = LEFT;
})(window);
