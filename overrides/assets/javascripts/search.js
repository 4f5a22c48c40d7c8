// Shows what FIND (find.js) finds for the words in the search field. Fetched when the field gets the focus. Old phones
// run this: no arrow functions, no classes. Nothing typed here is sent or stored.
(function (d) {
  var index = INDEX, find = FIND, base = d.currentScript.src.replace(/[^\/]*$/, ""), MOST = 30, timer, titles = {};
  var form = d.querySelector("form.search"), field = form.querySelector("input");
  var isWhole = /search-all\.js$/.test(d.currentScript.src), results = part(form, "div", "results");
  var said = part(results, "p", "said"), list = part(results, "ul", "found");
  var help = part(results, "ul", "help"), more = part(results, "button", "small-button more");

  // Created by the first index that loads.
  function part(place, tag, name) {
    return place.querySelector(tag + "[class='" + name + "']") || add(place, tag, name);
  }

  function add(place, tag, name) {
    place = place.appendChild(d.createElement(tag));
    place.className = name;
    return place;
  }

  function link(place, href, text, name) {
    place = add(place, "a", name || "");
    place.href = href;
    place.textContent = text;
    return place;
  }

  function call(item, number, text) { link(item, "tel:" + number, text, "dial").dir = "ltr"; }

  function row(entry) {
    var item = add(list, "li", ""), page = titles[entry[1].split("#")[0]], note = entry[2];
    // A section, contact or place is named after its page.
    if (entry[1].indexOf("#") < 0 || page === entry[0]) page = "";
    link(item, base + entry[1], (page ? page + " \u203a " : "") + entry[0]);
    if (note && note !== page) add(item, "small", "").textContent = note;
    if (entry[3]) call(item, entry[3], entry[3]);
  }

  // Where nothing is found: the call, the list of needs, everything from A to Z.
  function offerHelp() {
    if (index.call) call(add(help, "li", ""), index.call[0], index.call[1]);
    index.ways.forEach(function (way) { link(add(help, "li", ""), base + way[1], way[0]); });
  }

  function show() {
    if (index !== INDEX) return; // the whole index has come, and its own script
    var typed = field.value.trim(), found = typed ? find(typed) : [];
    list.textContent = help.textContent = "";
    found.slice(0, MOST).forEach(row);
    list.hidden = !found.length;
    help.hidden = !typed || found.length;
    if (!help.hidden) offerHelp();
    said.textContent = !typed ? "" : found.length ? index.found.replace("{count}", found.length) : index.none;
    more.hidden = !typed || isWhole;
    results.hidden = !typed;
  }

  index.entries.forEach(function (entry) {
    if (entry[1] && entry[1].indexOf("#") < 0) titles[entry[1]] = entry[0];
  });
  // Entries for staff and press, fetched on request.
  said.setAttribute("role", "status");
  more.type = "button";
  more.textContent = index.all;
  if (!isWhole) more.addEventListener("click", function () {
    d.body.appendChild(d.createElement("script")).src = base + "search-all.js";
  });
  // After typing pauses, so that a screen reader doesn't announce every letter.
  field.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(show, 200);
  });
  form.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    field.value = "";
    field.focus();
    show();
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(timer);
    show();
  });
  show();
})(document);
