// Serves the saved copy, and verifies that it is complete before it is valid. It never fetches a file of a copy and
// stores nothing: offline-copy.js fills caches named "s <folder> <language> <version>", and a cache is valid as soon as
// it contains its own list.
// Timeout of a page that wasn't saved: without one, a server that doesn't respond would show nothing.
var PATIENCE = 1500;
var BASE = self.registration.scope, FOLDER = new URL(BASE).pathname;

self.addEventListener("install", function (event) {
  // Chromium may ask the server as well as its worker (ServiceWorkerAutoPreload), and then waits for one that doesn't
  // respond, or reveals every opened page to the network. A route disables that.
  if (event.addRoutes) {
    event.waitUntil(event.addRoutes({ condition: { requestMode: "navigate" }, source: "fetch-event" }).catch(function () {}));
  }
  self.skipWaiting();
});
self.addEventListener("activate", function (event) {
  event.waitUntil(self.clients.claim().then(goWithoutCopy));
});

function names(language) {
  var start = "s " + FOLDER + " " + (language ? language + " " : "");
  return caches.keys().then(function (all) {
    return all.filter(function (name) { return name.indexOf(start) === 0; });
  });
}

// The site was left or deleted while the worker started: there is nothing to serve.
function goWithoutCopy() {
  return names().then(function (all) { return all.length || self.registration.unregister(); });
}

// Decompress what offline-copy.js has compressed.
function unpacked(response) {
  if (!response || !response.headers.get("X-Packed")) return response;
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip")), {
    headers: { "Content-Type": response.headers.get("Content-Type") }
  });
}

// Every complete copy, newest first: [{name, list}]. No cache is opened, which would create one that is being deleted.
function copies() {
  return names().then(function (all) {
    return Promise.all(all.reverse().map(function (name) {
      return caches.match(BASE + name.split(" ")[2] + "/saved.json", { cacheName: name }).then(function (found) {
        return found && found.json().then(function (list) { return { name: name, list: list }; });
      });
    }));
  }).then(function (all) { return all.filter(Boolean); });
}

// Files that an address may mean: a folder's index.html, or a name without its suffix.
function addresses(path) {
  if (!path || /\/$/.test(path)) return [path + "index.html"];
  return /\.[^\/]*$/.test(path) ? [path] : [path, path + ".html", path + "/index.html"];
}

function file(copy, path) {
  return caches.match(BASE + encodeURI(path), { cacheName: copy.name }).then(unpacked);
}

// A page is in a part: its own texts, and ranges of the shared texts in part 0 between them.
function page(copy, path) {
  return Promise.all([0, copy.list.pages[path]].map(function (part) {
    return file(copy, copy.name.split(" ")[2] + "/saved-" + part + ".json").then(function (found) { return found.json(); });
  })).then(function (parts) {
    return new Response(parts[1][path].map(function (item) {
      return typeof item === "string" ? item : parts[0].slice(item[0], item[1]).join("");
    }).join(""), { headers: { "Content-Type": "text/html; charset=utf-8" } });
  }).catch(function () {});
}

function find(paths) {
  return copies().then(function (all) {
    var places = [];
    all.forEach(function (copy) {
      paths.forEach(function (path) { places.push([copy, copy.list.also[path] || path]); });
    });
    return places.reduce(function (sofar, place) {
      return sofar.then(function (found) {
        return found || (place[1] in (place[0].list.pages || {}) ? page : file)(place[0], place[1]);
      });
    }, Promise.resolve());
  });
}

// A page that each language has, in this language or else that of the newest copy.
function findIn(language, start, end) {
  return find([start + language + end]).then(function (found) {
    return found || copies().then(function (all) {
      return all.length ? find([start + all[0].name.split(" ")[2] + end]) : undefined;
    });
  });
}

// A player requests a range of a recording.
function piece(response, range) {
  var wanted = /^bytes=(\d+)-(\d*)$/.exec(range);
  if (!wanted) return response;
  return response.arrayBuffer().then(function (bytes) {
    var from = Number(wanted[1]), to = Math.min(wanted[2] ? Number(wanted[2]) + 1 : bytes.byteLength, bytes.byteLength);
    return new Response(bytes.slice(from, to), {
      status: 206,
      headers: {
        "Content-Type": response.headers.get("Content-Type"),
        "Content-Range": "bytes " + from + "-" + (to - 1) + "/" + bytes.byteLength
      }
    });
  });
}

// Shown instead of a page that wasn't saved. It is served under addresses in any folder, so its links must be absolute.
function missing(path) {
  return findIn(path.split("/")[0], "", "/not-saved.html").then(function (found) {
    return found && found.text().then(function (html) {
      return new Response(html.split("../").join(FOLDER.replace(/&/g, "&amp;")), {
        headers: { "Content-Type": found.headers.get("Content-Type") }
      });
    });
  });
}

function answer(request, path) {
  return find(addresses(path)).then(function (found) {
    if (found) return request.headers.get("Range") ? piece(found, request.headers.get("Range")) : found;
    return fromNetwork(request).catch(function (error) {
      if (request.mode !== "navigate") throw error;
      return (
        // Only with leaving:
        // Any language's neutral page will do.
        /^w\//.test(path) ? findIn("", "w/", ".html") :
        // End of leaving
        missing(path)).then(function (other) {
        if (other) return other;
        // Nothing of ours can be shown instead: the browser shows its own message.
        return error.message === "late" ? fetch(request) : Promise.reject(error);
      });
    });
  });
}

// From the network; a page that isn't complete in time counts as no response. Its link to ?n= waits as long as it
// takes.
function fromNetwork(request) {
  if (request.mode !== "navigate") return fetch(request);
  return Promise.race([fetch(request), new Promise(function (_, reject) {
    setTimeout(function () { reject(new Error("late")); }, PATIENCE);
  })]);
}

// A typed address may be invalid.
function decoded(path) {
  try { return decodeURI(path); } catch (error) { return path; }
}

self.addEventListener("fetch", function (event) {
  var url = event.request.url.split("#")[0];
  // ?n= marks requests of offline-copy.js: always from the network.
  if (event.request.method !== "GET" || url.indexOf(BASE) !== 0 || /\?n=/.test(url)) return;
  event.respondWith(answer(event.request, decoded(url.slice(BASE.length).split("?")[0])));
});

function hash(bytes) {
  return crypto.subtle.digest("SHA-256", bytes).then(function (sum) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(sum)));
  });
}

function remove(name) {
  return caches.open(name).then(function (cache) {
    return cache.keys().then(function (keys) {
      return Promise.all(keys.map(function (key) { return cache.delete(key); }));
    });
  }).then(function () { return caches.delete(name); });
}

// Make the copy of this name valid if every file of its list is there and correct; then delete older ones. Returns the
// files that aren't. isFresh: "1" if the copy may check for changes.
function accept(name, text, day, isFresh) {
  var list = JSON.parse(text), language = name.split(" ")[2];
  return caches.has(name).then(function (isThere) {
    if (!isThere) throw new Error("stopped");
    return caches.open(name);
  }).then(function (cache) {
    return list.files.reduce(function (sofar, file) {
      return sofar.then(function (wrong) {
        return cache.match(BASE + encodeURI(file[0])).then(function (found) {
          return found ? unpacked(found).arrayBuffer().then(hash) : "";
        }).then(function (sum) { return sum === file[1] ? wrong : wrong.concat(file[0]); });
      });
    }, Promise.resolve([])).then(function (wrong) {
      if (wrong.length) return wrong;
      return cache.put(BASE + language + "/saved.json", new Response(text, {
        headers: { "Content-Type": "application/json", "X-Saved": day, "X-Looked": day, "X-Fresh": isFresh }
      })).then(function () { return names(language); }).then(function (all) {
        return Promise.all(all.map(function (other) { return other === name || remove(other); }));
      }).then(function () { return []; });
    });
  });
}

self.addEventListener("message", function (event) {
  var port = event.ports[0], asked = event.data;
  event.waitUntil(accept(asked.name, asked.text, asked.day, asked.isFresh).then(function (wrong) {
    port.postMessage({ wrong: wrong });
  }, function () { port.postMessage({ wrong: null }); }).then(goWithoutCopy));
});
