// The focal point and the regions of a photo, with the mouse; the number fields do the same. Previews of crops follow.
(() => {
  const form = document.getElementById("photo"), stage = form.querySelector(".stage");
  if (!stage) return;
  const drawing = stage.querySelector("svg"), crops = document.getElementById("crops");
  const focus = [...document.querySelectorAll("#focus input")];
  const rows = () => [...form.querySelectorAll(".region-row")];
  const inputs = (row) => [...row.querySelectorAll("input")];
  const isWhole = (numbers) => numbers.every((each) => each !== "") && +numbers[0] < +numbers[2] && +numbers[1] < +numbers[3];
  const regions = () => rows().map((row) => inputs(row).map((each) => each.value)).filter(isWhole);
  form.querySelectorAll(".needs-script").forEach((each) => { each.hidden = false; });

  const shape = (name, kind, where) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    made.setAttribute("class", kind);
    Object.entries(where).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  };
  const draw = () => {
    const [x, y] = focus.map((each) => each.value || 50);
    drawing.replaceChildren(
      ...regions().map(([left, top, right, bottom]) => shape("rect", "region", { x: left, y: top, width: right - left, height: bottom - top })),
      shape("line", "focus", { x1: x, x2: x, y1: 0, y2: 100 }), shape("line", "focus", { x1: 0, x2: 100, y1: y, y2: y }));
  };

  // One picture of the crops at a time; the newest wish wins.
  let isBusy = false, wanted = "";
  const address = () => {
    const asked = new URLSearchParams({ x: focus[0].value, y: focus[1].value, redact: regions().map((each) => each.join(",")).join(";") });
    return `${stage.dataset.picture}/crops?${asked}`;
  };
  const fetchCrops = async () => {
    wanted = address();
    if (isBusy) return;
    isBusy = true;
    for (let shown = ""; shown !== wanted;) {
      shown = wanted;
      const answer = await fetch(shown).catch(() => null);
      if (!answer?.ok) continue;
      const before = crops.src;
      crops.src = URL.createObjectURL(await answer.blob());
      if (before.startsWith("blob:")) URL.revokeObjectURL(before);
    }
    isBusy = false;
  };
  const changed = () => { draw(); fetchCrops(); };
  form.addEventListener("input", (event) => { if (event.target.closest(".percents")) changed(); });

  const addRow = () => {
    const all = rows(), last = all[all.length - 1], made = last.cloneNode(true);
    inputs(made).forEach((each) => { each.value = ""; });
    for (const each of [made, made.querySelector("button")]) {
      each.setAttribute("aria-label", each.getAttribute("aria-label").replace(/\d+$/, String(all.length + 1)));
    }
    last.after(made);
  };
  form.addEventListener("click", (event) => {
    const row = event.target.closest("[data-clear]")?.closest(".region-row");
    if (!row) return;
    inputs(row).forEach((each) => { each.value = ""; });
    inputs(row)[0].dispatchEvent(new Event("input", { bubbles: true }));
    inputs(row)[0].focus();
  });

  const at = (event) => {
    const box = stage.getBoundingClientRect();
    const share = (place, begin, size) => Math.min(100, Math.max(0, (place - begin) / size * 100));
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  };
  let begun = null, target = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    begun = at(event);
    target = null;
    if (form.mode.value === "focus") move(event);
  });
  const move = (event) => {
    if (!begun) return;
    const now = at(event);
    if (form.mode.value === "focus") {
      focus.forEach((each, n) => { each.value = Math.round(now[n]); });
    } else {
      target ??= rows().find((row) => inputs(row).every((each) => each.value === ""));
      if (!target) return;
      // Rounded outwards, so that nothing inside the drawn region stays visible.
      const edges = [0, 1].map((n) => Math.floor(Math.min(begun[n], now[n]))).concat([0, 1].map((n) => Math.ceil(Math.max(begun[n], now[n]))));
      inputs(target).forEach((each, n) => { each.value = edges[n]; });
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  };
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", () => {
    begun = null;
    if (target && rows().every((row) => inputs(row).some((each) => each.value !== ""))) addRow();
    changed();
  });
})();
