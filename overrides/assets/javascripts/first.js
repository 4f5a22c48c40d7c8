// In the first script of every page, whose element names the script with everything less urgent (data-rest).
(function (d) {
  var me = d.currentScript;

  // Wide screens wait for their style sheet, which the element before this one has.
  if (screen.width > 767) d.write(me.previousElementSibling.textContent);

  // The rest waits for the first paint, which it would delay on a slow line: the second frame comes after it.
  d.addEventListener("DOMContentLoaded", function () {
    requestAnimationFrame(function () {
      requestAnimationFrame(function () {
        setTimeout(function () {
          var rest = d.createElement("script");
          rest.src = me.getAttribute("data-rest");
          d.head.appendChild(rest);
        });
      });
    });
  });
})(document);
