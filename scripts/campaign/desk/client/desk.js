// What needs a script: the token on requests of htmx, printing, and asking before typed words are lost.
(() => {
  const token = document.querySelector("meta[name=desk-token]").content;
  document.addEventListener("htmx:config:request", (event) => { event.detail.ctx.request.headers["X-Desk-Token"] = token; });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });
  // Ctrl+Enter in a sentence saves it and goes on to the next.
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form.sentence");
    if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.nextElementSibling?.querySelector("textarea")?.focus();
    form.requestSubmit();
  });
  let isTyped = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form.form")) isTyped = true; });
  document.addEventListener("submit", () => { isTyped = false; });
  addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
})();
