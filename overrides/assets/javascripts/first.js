// In the first script of every page, whose element names the script with everything less urgent (data-rest).
// One letter each where this is read by a phone: me
(function (d, w) {
  var me = d.currentScript;

  // Wide screens wait for their style sheet, which the element before this one has (without a space between them).
  if (screen.width > 767) d.write(me.previousSibling.textContent);

  // The rest waits for the first paint, which it would delay on a slow line: the second frame comes after it.
  w.addEventListener("DOMContentLoaded", function () {
    requestAnimationFrame(function () {
      requestAnimationFrame(function () {
        d.head.appendChild(d.createElement("script")).src = me.dataset.rest;
      });
    });
  });
})(document, window);
