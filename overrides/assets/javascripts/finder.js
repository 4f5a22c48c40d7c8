// Finds files by audience, need or kind, language, place and printer. Without it the page is lists and links. Results
// copy the markup of the first piece on the page. It serves the site's downloads and the start page of dist/, where
// scripts are in a folder, titles aren't links, and everything is shown from the start.
(function (d, w) {
  var form = d.querySelector(".finder"), pattern = d.querySelector(".download"), some = 24;
  var base, own, scripts, words, data, found, finds, more, fields = {};
  if (!form || !pattern) return;
  base = form.getAttribute("data-base");
  own = form.getAttribute("data-language");
  scripts = form.getAttribute("data-scripts");
  finds = d.querySelector(".finds");
  more = finds.querySelector(".small-button");

  function load(src, then) {
    var script = d.createElement("script");
    script.src = base + (scripts || "") + src;
    script.onload = then;
    d.head.appendChild(script);
  }

  function fill(name, options, chosen) {
    var field = fields[name] = d.getElementById("find-" + name);
    if (!field) return;
    options.forEach(function (each) {
      var option = field.appendChild(d.createElement("option"));
      option.value = each[0];
      option.textContent = each[1];
      option.selected = each[0] === chosen;
    });
    field.parentNode.hidden = options.length < 3 && name !== "language" || options.length < 2;
  }

  function any(pairs) { return [["", words.all]].concat(pairs); }

  function begin() {
    var printers = {}, offices = [], kinds = Object.keys(data.formats);
    words = w.finderWords;
    Object.keys(data.pieces).forEach(function (code) {
      data.pieces[code].forEach(function (piece) { piece[4].forEach(function (group) { printers[group[1]] = 1; }); });
    });
    Object.keys(words.printers).forEach(function (name) { if (printers[name]) offices.push([name, words.printers[name]]); });
    fill("who", any(words.audiences.map(function (name, n) { return [String(n), name]; })), "");
    fill("need", any(words.needs.map(function (name, n) { return [String(n), name]; })), "");
    fill("kind", any(kinds.map(function (name) { return [name, words.formats[name] || name]; })), "");
    fill("language", data.languages.map(function (each) { return [each[0], each[1]]; }), own);
    fill("place", [["", words.national]].concat(words.places.map(function (name, n) {
      return [String(n), data.own[n] ? name + " \u2013 " + words.own : name];
    })), "");
    fill("printer", any(offices), "");
    form.hidden = false;
    if (scripts) choose();
  }

  function size(units) {
    return units < 1000 ? words.size.replace("{size}", units) : words.large.replace("{size}", (units / 1000).toFixed(1).replace(".", words.decimal));
  }

  function misses(name, all) {
    var field = fields[name];
    return field && field.value !== "" && all.indexOf(Number(field.value)) < 0;
  }

  // The wanted edition of a piece: [group, place or -1, size]; if a place has none, its region's, else that of the
  // whole country.
  function files(piece) {
    var place = fields.place.value === "" ? -1 : Number(fields.place.value), wanted = [];
    if (misses("who", piece[2]) || misses("need", piece[6])) return wanted;
    piece[4].forEach(function (group) {
      var at = place, ofPlace = 0, seen = 0;
      while (at >= 0 && !(ofPlace = group[4][at] || 0) && seen++ < 9) at = data.regions ? data.regions[at] : -1;
      if (fields.kind && fields.kind.value && group[0] !== fields.kind.value) return;
      if (fields.printer.value && group[1] !== fields.printer.value) return;
      if (ofPlace || group[3]) wanted.push([group, ofPlace ? at : -1, ofPlace || group[3]]);
    });
    return wanted;
  }

  function address(piece, code, file) {
    var group = file[0], stem = piece[0].replace(/^[^\/]*\//, "").replace(/\//g, "-");
    var parts = [stem, code, file[1] < 0 ? "" : data.places[file[1]], group[0], group[2], group[1] === "office" ? "" : group[1]];
    var where = file[1] < 0 ? "national" : data.places[file[1]];
    var folder = data.folder.replace("{place}", where).replace("{language}", code).replace("{printer}", group[1]);
    return folder + parts.filter(Boolean).join("-") + "." + ending(group);
  }

  function ending(group) { return data.endings[group[2]] || "pdf"; }

  function draw(piece, wanted, language) {
    var item = pattern.cloneNode(true), code = language[0], offer = item.querySelector(".offer");
    var title = offer.querySelector(".title") || offer.querySelector("a"), list = offer.querySelector(".files"), line = list.querySelector("li");
    var preview = item.querySelector(".preview"), picture = preview.querySelector("picture"), image;
    title.textContent = piece[1];
    if (title.href) title.href = base + code + "/" + piece[5] + ".html";
    title.lang = code;
    title.dir = language[2];
    [].slice.call(offer.children).forEach(function (each) {
      if (!each.contains(title) && each !== list) offer.removeChild(each);
    });
    list.textContent = preview.textContent = "";
    wanted.forEach(function (file) {
      var group = file[0], row = list.appendChild(line.cloneNode(true)), link = row.querySelector("a");
      var place = file[1] >= 0 ? words.places[file[1]] : fields.place.value ? words.national : "";
      link.href = base + address(piece, code, file);
      if (link.hasAttribute("download")) link.setAttribute("download", link.href.replace(/.*\//, ""));
      link.textContent = [place, words.formats[group[0]] || group[0], words.parts[group[2]] || words.printers[group[1]]].filter(Boolean).join(", ");
      row.querySelector("small").textContent = ending(group).toUpperCase() + ", " + size(file[2]);
      if (words.how && !group[2] && group[1] !== "print-shop") {
        row.appendChild(d.createElement("p")).textContent = words.how[group[0]] || "";
      }
    });
    piece[3].forEach(function (side) {
      var shown = picture.cloneNode(true);
      [].slice.call(shown.children).forEach(function (each) { if (each.srcset && !each.src) shown.removeChild(each); });
      image = shown.lastChild;
      image.removeAttribute("srcset");
      image.src = base + (data.pictures || "pictures/") + side[0] + "-320.png";
      image.width = 320;
      image.height = side[1];
      image.alt = "";
      preview.appendChild(shown);
    });
    return item;
  }

  function show() {
    var list = finds.querySelector(".downloads"), language = data.languages.filter(function (each) {
      return each[0] === fields.language.value;
    })[0], block = d.createDocumentFragment();
    list.textContent = "";
    found.slice(0, some).forEach(function (each) { block.appendChild(draw(each[0], each[1], language)); });
    list.appendChild(block);
    more.hidden = found.length <= some;
    finds.hidden = false;
  }

  // What the choice of a place changes.
  function placed() {
    var place = words.places[fields.place.value], count = found.filter(function (each) {
      return each[1].some(function (file) { return file[1] >= 0; });
    }).length;
    return place ? " " + (count ? words.placed : words.unplaced).replace("{place}", place).replace("{count}", count) : "";
  }

  function choose() {
    found = [];
    data.pieces[fields.language.value].forEach(function (piece) {
      var wanted = files(piece);
      if (wanted.length) found.push([piece, wanted]);
    });
    some = 24;
    form.querySelector(".said").textContent = found.length ? words.found.replace("{count}", found.length) + placed() : words.none;
    show();
  }

  form.addEventListener("change", choose);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  more.addEventListener("click", function () { some += 48; show(); });
  w.addEventListener("load", function () {
    load("finder-data.js", function () {
      data = w.finderData;
      load(own + "/finder-words.js", begin);
    });
  });
})(document, window);
