// The two choices of the directory: the need and the place. Without it the page is links and lists.
(function (d) {
  var form = d.querySelector(".choices-of"), need, where, said, all;
  if (!form) return;
  need = d.getElementById("page-need");
  where = d.getElementById("page-where");
  said = form.querySelector(".said");
  all = [].slice.call(d.querySelectorAll(".directory .scope"));
  d.querySelector(".by-need").hidden = true;
  form.hidden = false;

  function choose() {
    var count = 0, isChosen = need.value || (where && where.value);
    all.forEach(function (scope) {
      var place = scope.getAttribute("data-place"), shown = 0;
      [].forEach.call(scope.querySelectorAll(".contact"), function (contact) {
        var does = (contact.getAttribute("data-does") || "").split(" ");
        contact.hidden = need.value && does.indexOf(need.value) < 0;
        if (!contact.hidden) shown++;
      });
      // A chosen place stays even if it has no contacts: it says so, and who to call.
      scope.hidden = where && where.value && place ? place.split(" ").indexOf(where.value) < 0 : !!need.value && !shown;
      if (!scope.hidden) count += shown;
    });
    var rest = d.querySelector(".unknown");
    if (rest) rest.hidden = !rest.querySelector(".scope:not([hidden])");
    said.textContent = !isChosen ? "" : count ? form.getAttribute("data-found").replace("{count}", count) : form.getAttribute("data-none");
  }

  form.addEventListener("change", choose);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  // A tile or name leads to its place, which must not be hidden.
  d.querySelector(".directory").addEventListener("click", function (event) {
    var link = event.target;
    while (link && link.nodeName.toLowerCase() !== "a") link = link.parentNode;
    if (!link || (link.getAttribute("href") || "").charAt(0) !== "#") return;
    need.value = "";
    if (where) where.value = "";
    choose();
  });
})(document);
