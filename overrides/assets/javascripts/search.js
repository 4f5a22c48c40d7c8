// Searches INDEX, which the build prepends (campaign.website.search). Fetched when the field gets the focus. Old phones
// run this: no arrow functions, no classes, no property escapes. Nothing typed here is sent or stored.
(function (d) {
  var index = INDEX, rules = index.fold, base = d.currentScript.src.replace(/[^\/]*$/, ""), keys = Object.keys(index.words);
  var form = d.querySelector("form.search"), field = form.querySelector("input");
  var isWhole = /search-all\.js$/.test(d.currentScript.src), timer;
  var said = part("p", "said"), list = part("ul", "found"), more = part("button", "small-button more");
  var apostrophes = new RegExp("[" + rules.apostrophes + "]", "g"), marks = new RegExp("[" + rules.marks + "]", "g");
  var breaks = new RegExp("[" + rules.breaks + "]+"), two = new RegExp("^[" + rules.two + "]");
  var three = new RegExp("^[" + rules.three + "]");
  var runs = new RegExp("[" + rules.two + "]+|[" + rules.three + "]+|[^" + rules.two + rules.three + "]+", "g");
  var letters = new RegExp("[" + Object.keys(rules.letters).join("") + "]", "g"), MOST = 30;

  // Below the field, created by the first index that loads.
  function part(tag, name) {
    return form.querySelector(tag + "[class='" + name + "']") || add(form, tag, name);
  }

  function add(place, tag, name) {
    place = place.appendChild(d.createElement(tag));
    place.className = name;
    return place;
  }

  function fold(text) {
    return text.replace(apostrophes, "").toLowerCase().normalize("NFKD").replace(marks, "")
      .replace(letters, function (letter) { return rules.letters[letter]; });
  }

  // The search terms: words, and in scripts without spaces every sequence of letters of a fixed length.
  function terms(typed) {
    var found = [];
    fold(typed).split(breaks).forEach(function (part) {
      (part.match(runs) || []).forEach(function (run) {
        var size = two.test(run) ? 2 : three.test(run) ? 3 : 0, at = 0;
        if (!size || run.length <= size) return found.push(run.slice(0, rules.longest));
        for (; at + size <= run.length; at++) found.push(run.slice(at, at + size));
      });
    });
    return found;
  }

  // Entry -> how well the term matches: a whole word best, then its beginning, then a part of it; three times as much
  // in a title.
  function fits(term) {
    var scores = {};
    keys.forEach(function (word) {
      var at = word.indexOf(term), worth = word === term ? 4 : at === 0 ? 2 : at > 0 && term.length > 2 ? 1 : 0;
      if (worth) index.words[word].reduce(function (before, step) {
        var place = before + step, entry = place >> 1, score = place & 1 ? 3 * worth : worth;
        if (!(scores[entry] >= score)) scores[entry] = score;
        return place;
      }, 0);
    });
    return scores;
  }

  // Entries with all typed words; if there are none, those with most of them.
  function find(typed) {
    var all = terms(typed).map(fits), scores = {}, counts = {}, most = 0;
    all.forEach(function (found) {
      Object.keys(found).forEach(function (entry) {
        scores[entry] = (scores[entry] || 0) + found[entry];
        most = Math.max(most, counts[entry] = (counts[entry] || 0) + 1);
      });
    });
    return Object.keys(scores).filter(function (entry) {
      // In a copy, an entry that was left out has no address.
      return counts[entry] === most && 2 * most > all.length && index.entries[entry][1];
    }).map(function (entry) {
      return { entry: index.entries[entry], at: Number(entry), score: scores[entry] };
    }).sort(function (a, b) { return b.score - a.score || a.at - b.at; });
  }

  function show() {
    if (index !== INDEX) return; // the whole index has come, and its own script
    var typed = field.value.trim(), found = typed ? find(typed) : [];
    list.textContent = "";
    found.slice(0, MOST).forEach(function (each) {
      var item = add(list, "li", ""), link = add(item, "a", "");
      link.textContent = each.entry[0];
      link.href = base + each.entry[1];
      add(item, "small", "").textContent = each.entry[2];
      if (!each.entry[3]) return;
      link = add(item, "a", "dial");
      link.dir = "ltr";
      link.textContent = each.entry[3];
      link.href = "tel:" + each.entry[3];
    });
    list.hidden = !found.length;
    said.textContent = !typed ? "" : found.length ? index.found.replace("{count}", found.length) : index.none;
    more.hidden = !typed || isWhole;
  }

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
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(timer);
    show();
  });
  show();
})(document);
