// Before quick-exit.js and neutral.js. Old phones run this: no arrow functions, no fetch.
// Call work() if a page that contains `mark` comes from this address. Otherwise call lost(): no network, no such server,
// or a network that answers with a page of its own. To go there without asking would show the browser's error page,
// which names the site. navigator.onLine only tells whether there is some network.
function ifReached(address, mark, work, lost) {
  var request = new XMLHttpRequest();
  request.onload = function () {
    if (request.responseText.indexOf(mark) < 0) lost();
    else work();
  };
  request.onerror = lost;
  request.open("GET", address);
  request.send();
}
