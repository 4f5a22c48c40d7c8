// The contrast of colours while they are chosen; the newest request wins.
(() => {
  const form = document.getElementById("look"), shown = document.getElementById("contrast");
  let isBusy = false, isWanted = false;
  form.addEventListener("input", async () => {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    while (isWanted) {
      isWanted = false;
      const answer = await fetch(form.dataset.contrast, { method: "POST", body: new FormData(form) }).catch(() => null);
      if (answer?.ok) shown.innerHTML = await answer.text();
    }
    isBusy = false;
  });
})();
