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

  // Styles are set here: in the page's own, every reader would wait for them.
  function add(place, tag, name, style) {
    place = place.appendChild(d.createElement(tag));
    place.className = name;
    place.style.cssText = style || "";
    return place;
  }

  function line(list) { return add(list, "li", "", "padding:.6rem 0;border-top:1px solid"); }

  function link(place, href, text, name, style) {
    place = add(place, "a", name || "", "display:inline-block;min-height:0;padding:.2rem 0;font-weight:700;text-decoration:underline;" + (style || ""));
    place.href = href;
    place.textContent = text;
    return place;
  }

  // An answer's pictogram, which the build has cleaned.
  function draw(place, name) {
    if (!index.pictograms[name]) return;
    place.insertAdjacentHTML("afterbegin", index.pictograms[name]);
    place.style.cssText += "display:flex;align-items:center";
    place.firstChild.style.cssText = "width:2em;height:2em;-webkit-margin-end:.5rem;margin-inline-end:.5rem";
  }

  function call(item, number, text) { link(item, "tel:" + number, text, "dial", "font-size:1.375rem").dir = "ltr"; }

  function row(entry) {
    var item = line(list), page = titles[entry[1].split("#")[0]], note = entry[2];
    // A section, contact or place is named after its page.
    if (entry[1].indexOf("#") < 0 || page === entry[0]) page = "";
    draw(link(item, base + entry[1], (page ? page + " \u203a " : "") + entry[0]), entry[5]);
    if (note && note !== page) add(item, "small", "", "display:block;white-space:normal").textContent = note;
    if (entry[3]) call(item, entry[3], entry[3]);
  }

  // Where nothing is found: the call, the needs as pictures, everything from A to Z.
  function offerHelp() {
    if (index.call) call(line(help), index.call[0], index.call[1]);
    index.needs.forEach(function (n) {
      var need = index.entries[n];
      if (need[1] && need[5]) draw(link(line(help), base + need[1], need[0]), need[5]);
    });
    index.ways.forEach(function (way) { link(line(help), base + way[1], way[0]); });
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
