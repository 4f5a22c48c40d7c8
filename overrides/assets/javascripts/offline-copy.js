// Creates, updates and deletes the saved copy. Fetched only on request. The build prepends WORDS in the language of its
// folder.
(function (d, w) {
  var FOUND = /^(.*\/)([^\/]+)\/[^\/]*$/.exec(d.currentScript.src), BASE = FOUND[1], CODE = FOUND[2];
  var FOLDER = new URL(BASE).pathname, ALL = "s " + FOLDER + " ", OURS = ALL + CODE + " ", LIST = BASE + CODE + "/saved.json", HEARD = BASE + CODE + "/heard.json";
  var DAY = 864e5, AT_ONCE = 3, running = 0, filling, label;

  function after(ms) {
    return new Promise(function (resolve) { setTimeout(resolve, ms); });
  }

  function inTurn(items, work) {
    return items.reduce(function (sofar, item) {
      return sofar.then(function () { return work(item); });
    }, Promise.resolve());
  }

  function hash(bytes) {
    return crypto.subtle.digest("SHA-256", bytes).then(function (sum) {
      return btoa(String.fromCharCode.apply(null, new Uint8Array(sum)));
    });
  }

  // Don't open a cache just to look: that would create one that is being deleted.
  function names(start) {
    return caches.keys().then(function (all) {
      return all.filter(function (name) { return name.indexOf(start) === 0; });
    });
  }

  function words(key, filling) {
    return WORDS[key].replace(/\{(\w+)\}/g, function (_, name) { return filling[name]; });
  }

  function size(bytes) {
    return bytes < 1e6 ? words("kilobytes", { size: Math.max(1, Math.round(bytes / 1e3)) })
      : words("megabytes", { size: (bytes / 1e6).toFixed(1).replace(".", WORDS.decimal) });
  }

  function day(stamp) {
    var when = new Date(Number(stamp));
    var month = when.getMonth();
    return words("date", { day: when.getDate(), month: WORDS.months[month], number: month + 1, year: when.getFullYear() });
  }

  function canSave() {
    return "caches" in w && "serviceWorker" in navigator && w.isSecureContext && /^http/.test(location.protocol);
  }

  // From the network, whatever a worker or cache has. No response within `ms` milliseconds counts as a failure.
  function get(path, version, ms) {
    var stop = w.AbortController ? new AbortController() : { abort: function () {} };
    var late = after(ms).then(function () { stop.abort(); throw new Error("broken"); });
    return Promise.race([late, fetch(BASE + path + "?n=" + version, { cache: "no-store", signal: stop.signal }).then(function (response) {
      if (!response.ok) throw new Error(response.status === 404 ? "wrong" : "broken");
      return response.arrayBuffer().then(function (bytes) {
        return { bytes: bytes, type: response.headers.get("Content-Type") || "" };
      });
    })]);
  }

  // The current list of a copy's files on the site.
  function getList() {
    return get(CODE + "/saved.json", Date.now(), 3e4).then(function (got) {
      return hash(got.bytes).then(function (sum) {
        var text = new TextDecoder().decode(got.bytes), list = JSON.parse(text);
        list.text = text;
        list.name = OURS + sum.replace(/\W/g, "").slice(0, 16);
        return list;
      });
    });
  }

  // The complete copy, or null: {name, text, saved, looked, isFresh}. rest: whether part of another exists. The list is
  // read to its end: an open one would stay on the disk when deleted.
  function state() {
    return names(OURS).then(function (all) {
      var found = null;
      return inTurn(all, function (name) {
        return caches.match(LIST, { cacheName: name }).then(function (response) {
          return response && response.text().then(function (text) {
            found = {
              name: name, text: text, saved: response.headers.get("X-Saved"), looked: response.headers.get("X-Looked"),
              isFresh: response.headers.get("X-Fresh") === "1" ? "1" : ""
            };
          });
        });
      }).then(function () {
        return { copy: found, rest: all.some(function (name) { return !found || name !== found.name; }) };
      });
    });
  }

  // A file from any of our copies, in any language, if it is the wanted one.
  function atHand(all, file) {
    var found = null;
    return inTurn(all, function (name) {
      return found || caches.match(BASE + encodeURI(file[0]), { cacheName: name }).then(function (response) {
        if (response && response.headers.get("X-Sum") === file[1]) found = { name: name, response: response };
      });
    }).then(function () { return found; });
  }

  // Texts take a quarter of the space if the browser can compress them; the worker decompresses.
  function pack(file, got) {
    var headers = { "Content-Type": got.type, "X-Sum": file[1] };
    if (!w.CompressionStream || !/\.(js|json|svg)$/.test(file[0])) return Promise.resolve(new Response(got.bytes, { headers: headers }));
    headers["X-Packed"] = "gzip";
    return new Response(new Blob([got.bytes]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer().then(function (packed) {
      return new Response(packed, { headers: headers });
    });
  }

  // Saving and deleting exclude each other across tabs.
  function alone(work) {
    return navigator.locks ? navigator.locks.request(ALL, work) : work();
  }

  // An empty cache marks a save in progress. Deleting, in any tab, removes it with all the others.
  function mark(turn) {
    return OURS + "begun-" + turn;
  }

  function unlessStopped(turn, work) {
    return alone(function () {
      return caches.has(mark(turn)).then(function (isThere) {
        if (!isThere) throw new Error("stopped");
        return work();
      });
    });
  }

  function keep(cache, file, response, turn) {
    return unlessStopped(turn, function () {
      return cache.put(BASE + encodeURI(file[0]), response);
    }).catch(function (error) {
      if (error.message === "stopped") throw error;
      throw new Error(error.name === "QuotaExceededError" ? "full" : "broken");
    });
  }

  function fetchFile(cache, file, list, turn, left) {
    return get(encodeURI(file[0]), list.name.split(" ")[3], 3e4 + file[2]).then(function (got) {
      return hash(got.bytes).then(function (sum) {
        if (sum !== file[1]) throw new Error("wrong");
        if (turn !== running) throw new Error("stopped");
        return pack(file, got);
      });
    }).then(function (response) {
      return keep(cache, file, response, turn);
    }).catch(function (error) {
      if (/wrong|full|stopped/.test(error.message) || !left) throw error;
      return after(2000).then(function () { return fetchFile(cache, file, list, turn, left - 1); });
    });
  }

  // Which files of a list still have to be fetched; files in another copy are moved over.
  function missing(list, cache, turn) {
    return names(ALL).then(function (all) {
      var todo = [];
      return inTurn(list.files, function (file) {
        return atHand(all, file).then(function (found) {
          if (!found) todo.push(file);
          else if (cache && found.name !== list.name) return keep(cache, file, found.response, turn);
        });
      }).then(function () { return todo; });
    });
  }

  function weight(files) {
    return files.reduce(function (sum, file) { return sum + file[2]; }, 0);
  }

  function fill(list, turn, progress) {
    filling = list.name;
    return unlessStopped(turn, function () { return caches.open(list.name); }).then(function (cache) {
      return missing(list, cache, turn).then(function (todo) {
        var whole = weight(list.files), done = whole - weight(todo), at = 0, failed;
        function next() {
          var file = todo[at++];
          if (turn !== running) throw new Error("stopped");
          if (!file || failed) return;
          return fetchFile(cache, file, list, turn, 2).then(function () {
            done += file[2];
            if (!failed) progress(done, whole);
            return next();
          });
        }
        progress(done, whole);
        // Wait until all have stopped: none may put a file into a deleted cache.
        return Promise.all(Array.apply(null, { length: AT_ONCE }).map(function () {
          return Promise.resolve().then(next).catch(function (error) { failed = failed || error; });
        })).then(function () { if (failed) throw failed; });
      });
    });
  }

  // The worker verifies the copy and makes it valid. There is one for all languages: while a worker is being replaced,
  // a browser delays every page until the old one's requests are done. isFresh: "1" if the copy may check for changes.
  function accept(list, isFresh) {
    var done = navigator.serviceWorker.register(BASE + "sw.js", { scope: BASE }).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (registration) {
      var channel = new MessageChannel();
      var answer = new Promise(function (resolve) { channel.port1.onmessage = function (event) { resolve(event.data.wrong); }; });
      registration.active.postMessage({ name: list.name, text: list.text, day: String(Date.now()), isFresh: isFresh }, [channel.port2]);
      return answer;
    });
    return Promise.race([done, after(6e4)]).then(function (wrong) {
      if (!wrong) throw new Error("broken");
      if (!wrong.length) return;
      return caches.open(list.name).then(function (cache) {
        return Promise.all(wrong.map(function (path) { return cache.delete(BASE + encodeURI(path)); }));
      }).then(function () { throw new Error("wrong"); });
    });
  }

  // A file differs from the list: the site may just have changed. Start again with the new list; equal files aren't
  // fetched twice.
  function save(turn, isFresh, progress, left) {
    return getList().then(function (list) {
      return fill(list, turn, progress).then(function () {
        if (turn !== running) throw new Error("stopped");
        return unlessStopped(turn, function () { return accept(list, isFresh); });
      }).catch(function (error) {
        if (error.message === "full") return remove(list.name).then(function () { throw error; });
        if (error.message !== "wrong" || !left) throw error;
        return after(1000).then(function () { return save(turn, isFresh, progress, left - 1); });
      });
    });
  }

  // caches.delete() alone may leave pages on the disk until the browser closes, so delete each entry.
  function remove(name) {
    return caches.open(name).then(function (cache) {
      return cache.keys().then(function (keys) {
        return Promise.all(keys.map(function (key) { return cache.delete(key); }));
      });
    }).then(function () { return caches.delete(name); });
  }

  // Only with forgetting:
  function workers() {
    return navigator.serviceWorker.getRegistrations().then(function (all) {
      return all.filter(function (one) { return one.scope.indexOf(BASE) === 0; });
    });
  }

  function clear() {
    running = 0;
    return workers().then(function (all) {
      return Promise.all(all.map(function (one) { return one.unregister(); }));
    }).then(function () { return names(ALL); }).then(function (all) { return inTurn(all, remove); });
  }

  function isClean() {
    return Promise.all([names(ALL), workers()]).then(function (left) { return !left[0].length && !left[1].length; });
  }

  // Everything stored, once nothing is being written; a save that waits for the network is not waited for.
  function clearAlone() {
    var isDone;
    function once() {
      return isDone || clear().then(function () { isDone = true; });
    }
    return Promise.race([alone(once), after(5e3).then(once)]).then(isClean);
  }

  // Whether the host tells browsers not to cache pages. Unknown without a network.
  function isUnkept() {
    if (!/^http/.test(location.protocol)) return Promise.resolve(true);
    return Promise.race([after(3e3), fetch(location.pathname + "?n=" + Date.now(), { method: "HEAD", cache: "no-store" })]).then(function (response) {
      return !!response && /no-store/.test(response.headers.get("Cache-Control"));
    }).catch(function () { return false; });
  }

  function forget(link) {
    var place = d.querySelector(".told");
    Promise.all([canSave() ? clearAlone() : true, isUnkept()]).catch(function () { return []; }).then(function (found) {
      w.isForgotten = true;
      // If the host supports it, its response makes the browser clear its own cache of this site.
      if (canSave() && navigator.onLine) get("gone.txt", Date.now(), 3e3).catch(function () {});
      tell(place, link, [words(!found[0] ? "not-forgotten" : found[1] ? "forgotten" : "forgotten-but"), words("forget-cannot")], !!found[0]);
      show();
    });
  }
  // End of forgetting

  // Only with leaving:
  // Leaving during a save leaves nothing half saved.
  w.addEventListener("pagehide", function () {
    if (!running || w.name !== "_n") return;
    [mark(running), filling].forEach(function (name) { caches.delete(name); });
    running = 0;
  });
  // End of leaving

  // Only with forgetting:
  function tell(place, link, lines, isGone) {
    var block = link;
    // Only with leaving:
    var leave = d.querySelector(".row .leave");
    // End of leaving
    while (block.parentNode && !/^(P|DIV)$/.test(block.tagName)) block = block.parentNode;
    place.textContent = "";
    lines.forEach(function (line) { place.appendChild(d.createElement("p")).textContent = line; });
    // Only with leaving:
    if (leave) place.appendChild(d.createElement("p")).appendChild(leave.cloneNode(true));
    // End of leaving
    place.setAttribute("data-gone", isGone);
    place.hidden = false;
    block.parentNode.insertBefore(place, block.nextSibling);
    place.focus();
  }
  // End of forgetting

  // Save, unless the site is deleted or left meanwhile. Returns the error, or "".
  function begin(isFresh, progress) {
    var turn = running = Date.now();
    return caches.open(mark(turn)).then(function () { return save(turn, isFresh, progress, 3); }).then(function () {
      return "";
    }, function (error) { return error.message; }).then(function (fault) {
      return caches.delete(mark(turn)).then(function () {
        if (turn !== running) return "stopped";
        running = 0;
        return fault;
      });
    });
  }

  // Store something with the list of a valid copy, unless the copy was deleted.
  function note(copy, address, text, looked) {
    return alone(function () {
      return caches.has(copy.name).then(function (isThere) {
        return isThere && caches.open(copy.name);
      }).then(function (cache) {
        return cache && cache.put(address, new Response(text, { headers: {
          "Content-Type": "application/json", "X-Saved": copy.saved, "X-Looked": looked, "X-Fresh": copy.isFresh
        } }));
      });
    });
  }

  function not(list) {
    return function (each) { return list.indexOf(each) < 0; };
  }

  // Ask the site. Returns its list if it differs, and stores withdrawn numbers: from then on every page of the copy
  // shows them, whatever the clock says.
  function ask(copy) {
    return getList().then(function (now) {
      var old = JSON.parse(copy.text);
      function path(file) { return file[0]; }
      function isPicture(path) { return /\.(webp|avif|png|jpe?g)$/.test(path); }
      if (now.name === copy.name) return note(copy, LIST, copy.text, String(Date.now())).then(function () { return null; });
      return note(copy, HEARD, JSON.stringify({
        numbers: (old.numbers || []).filter(not(now.numbers || [])),
        pictures: old.files.map(path).filter(isPicture).filter(not(now.files.map(path)))
      }), "").then(function () { return now; });
    });
  }

  // The panel on the page about saving.
  function show() {
    var panel = d.querySelector(".offline-copy"), button, said, bar, choice;
    if (!panel) return;
    button = panel.querySelector("button");
    said = panel.querySelector(".offline-copy-state");
    bar = panel.querySelector("progress");
    choice = panel.querySelector("fieldset");
    // As in the page: with the size.
    label = label || button.textContent;

    function offer(text, doing, work) {
      said.textContent = text;
      button.textContent = doing;
      button.hidden = !doing;
      button.onclick = work;
      bar.hidden = true;
    }

    function progress(done, whole) {
      bar.hidden = false;
      bar.max = whole;
      bar.value = done;
      said.textContent = words("saving", { done: size(done), whole: size(whole) });
    }

    function chosen() {
      return choice.querySelector("input:checked").value;
    }

    function beginSaving() {
      choice.hidden = true;
      offer(words("saving-begins"), "");
      begin(chosen(), progress).then(function (fault) {
        var key = { full: "saving-full", wrong: "saving-wrong" }[fault] || "saving-broken";
        // A full phone stays full until somebody deletes something.
        if (fault && fault !== "stopped") offer(words(key), fault === "full" ? "" : words("save-on"), beginSaving);
        else if (!fault || !running) show();
      });
    }

    function look(copy) {
      var told = words("saved", { date: day(copy.saved) });
      offer(told, "");
      return ask(copy).then(function (list) {
        if (!list) return offer(told + " " + words("not-newer"), words("look"), function () { look(copy); });
        tellHeard(copy);
        return missing(list).then(function (todo) {
          offer(told + " " + words("newer"), words("update", { size: size(weight(todo)) }), beginSaving);
        });
      }).catch(function () { offer(told + " " + words("not-reached"), words("look"), function () { look(copy); }); });
    }

    if (!canSave()) return offer(words("save-cannot"), "");
    state().then(function (now) {
      // The choice can be changed for an existing copy.
      choice.hidden = !!running;
      if (now.copy) choice.querySelector("[value='" + (now.copy.isFresh || 0) + "']").checked = true;
      choice.onchange = now.copy && function () {
        now.copy.isFresh = chosen();
        note(now.copy, LIST, now.copy.text, now.copy.looked).then(show);
      };
      if (now.copy && now.copy.isFresh) return look(now.copy);
      if (now.copy) return offer(words("saved", { date: day(now.copy.saved) }), words("look"), function () { look(now.copy); });
      offer(now.rest ? words("saving-broken") : "", now.rest ? words("save-on") : label, beginSaving);
      // Only with forgetting:
      // The page says what can't be deleted before anything is saved.
      return isUnkept().then(function (isSo) {
        if (!isSo && !running && !now.rest && !said.textContent) said.textContent = words("save-kept");
      });
      // End of forgetting
    }).catch(function () { offer(words("save-cannot"), ""); });
  }

  // Corrections of withdrawn numbers on the current page.
  function tellHeard(copy) {
    return caches.match(HEARD, { cacheName: copy.name }).then(function (found) { return found && found.json(); }).then(function (heard) {
      var place = d.querySelector(".told"), lines = [], link;
      if (!heard || !place) return false;
      heard.numbers.forEach(function (number) {
        lines.push(words("withdrawn-number", { number: number }));
        [].forEach.call(d.querySelectorAll("a[href='tel:" + number + "']"), function (link) {
          link.removeAttribute("href");
          link.style.textDecoration = "line-through";
        });
      });
      [].forEach.call(d.images, function (image) {
        if (heard.pictures.some(function (path) { return decodeURI(image.currentSrc || image.src) === decodeURI(BASE) + path; })) {
          image.hidden = true;
          image.style.display = "none";
          lines.push(words("withdrawn-picture"));
        }
      });
      lines.push(words("newer"));
      place.textContent = "";
      lines.filter(function (line, at) { return lines.indexOf(line) === at; }).forEach(function (line) {
        place.appendChild(d.createElement("p")).textContent = line;
      });
      link = place.lastChild.appendChild(d.createElement("a"));
      link.href = BASE + CODE + "/" + WORDS.page;
      link.textContent = " " + words("update-see");
      place.hidden = false;
      // The foot is far from a number, so the correction is above it.
      if (lines.length > 1) d.querySelector("main").insertBefore(place, d.querySelector("main").firstChild);
      return true;
    });
  }

  // The age of the numbers on a saved page, next to them.
  function tellAge(copy) {
    [].forEach.call(d.querySelectorAll(".call, .contact-number"), function (line) {
      if (line.querySelector(".as-of")) return;
      line = line.appendChild(d.createElement("small"));
      line.className = "as-of";
      line.textContent = " " + words("as-of", { date: day(copy.looked) });
    });
  }

  // On any page of a saved copy. It only checks for changes if the reader has chosen so, once a day; a clock set back
  // counts as a day.
  function look() {
    var here = decodeURI(location.pathname.slice(FOLDER.length));
    state().then(function (now) {
      var copy = now.copy, pages = copy && JSON.parse(copy.text).pages;
      if (!copy) return;
      if (here in pages || here + "index.html" in pages) tellAge(copy);
      return tellHeard(copy).then(function () {
        if (!copy.isFresh || !navigator.onLine || Math.abs(Date.now() - copy.looked) < DAY) return;
        return ask(copy).then(function (list) {
          return list && tellHeard(copy).then(function () { return begin("1", function () {}); }).then(function (fault) {
            var place = d.querySelector(".told"), link = place.querySelector("a");
            if (fault || !link) return;
            link.href = location.href;
            link.textContent = " " + words("updated");
          });
        });
      });
    }).catch(function () {});
  }

  // Only with other names:
  // A card for the phone book under a name that the reader chooses, without any trace of this site.
  function card(number) {
    var name = w.prompt(words("card-name"), ""), link = d.createElement("a");
    if (!name) return;
    name = name.replace(/[\r\n]/g, " ").replace(/[\\,;]/g, "\\$&");
    link.href = URL.createObjectURL(new Blob([
      ["BEGIN:VCARD", "VERSION:3.0", "N:;" + name + ";;;", "FN:" + name, "TEL:" + number, "END:VCARD", ""].join("\r\n")
    ], { type: "text/vcard" }));
    link.download = "1.vcf";
    d.body.appendChild(link);
    link.click();
    d.body.removeChild(link);
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 6e4);
  }
  // End of other names

  w.savedCopy = {
    // Only with forgetting:
    forget: forget,
    // End of forgetting
    // Only with other names:
    card: card,
    // End of other names
    show: show, look: look };
})(document, window);
