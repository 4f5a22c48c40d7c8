// How many lines of its panel each sentence's words take, while they are typed; the newest wins.
(() => {
  const sentences = document.querySelector(".sentences[data-lines]");
  let isBusy = false, isWanted = false;
  async function ask() {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    while (isWanted) {
      isWanted = false;
      const token = document.querySelector("meta[name=desk-token]").content;
      const typed = [...sentences.querySelectorAll("form.sentence")].map((form) => [form.elements.key.value, form.elements.text.value]);
      const body = new URLSearchParams(typed);
      const answer = await fetch(sentences.dataset.lines, { method: "POST", headers: { "X-Desk-Token": token }, body }).catch(() => null);
      if (answer?.ok) show(await answer.json());
    }
    isBusy = false;
  }
  function show(lines) {
    for (const [key, { said, over }] of Object.entries(lines)) {
      const shown = document.getElementById(`l-${key}`);
      if (!shown) continue;
      if (shown.textContent !== said) shown.textContent = said;
      shown.className = over ? "tag unknown" : "tag fresh";
    }
  }
  sentences?.addEventListener("input", ask);
  document.addEventListener("htmx:after:swap", ask);
  if (sentences) ask();
})();
