// What a photo or drawing shows, and a photo's focal point and covered regions, with the mouse; the fields do the same.
// Crops of a photo follow.
(() => {
  const stage = document.querySelector(".stage"), form = stage?.closest("form");
  if (!stage) return;
  const drawing = stage.querySelector("svg:last-child"), crops = document.getElementById("crops");
  const focus = [...document.querySelectorAll("#focus input")];
  const rows = (kind) => [...form.querySelectorAll(`.box-row[data-box=${kind}]`)];
  const inputs = (row) => [...row.querySelectorAll("input")];
  const numbers = (row) => [...row.querySelectorAll("input[type=number]")];
  // Regions have four edges, boxes of what is shown a place and a size.
  const asBox = (kind, [left, top, third, fourth]) => (kind === "redact" ? { x: left, y: top, width: third - left, height: fourth - top } : { x: left, y: top, width: third, height: fourth });
  const whole = (kind) => rows(kind).map((row) => numbers(row).map((each) => each.value)).filter((values) => {
    const { width, height } = asBox(kind, values);
    return values.every((each) => each !== "") && +width > 0 && +height > 0;
  });
  form.querySelectorAll(".needs-script").forEach((each) => { each.hidden = false; });

  const shape = (name, kind, where) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    made.setAttribute("class", kind);
    Object.entries(where).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  };
  const draw = () => {
    const [x, y] = focus.map((each) => each.value || 50);
    const cross = focus.length ? [{ x1: x, x2: x, y1: 0, y2: 100 }, { x1: 0, x2: 100, y1: y, y2: y }] : [];
    drawing.replaceChildren(
      ...whole("redact").map((values) => shape("rect", "region", asBox("redact", values))),
      ...whole("scene").map((values) => shape("rect", "scene", asBox("scene", values))),
      ...whole("meaning").map((values) => shape("rect", "meaning", asBox("meaning", values))),
      ...cross.map((line) => shape("line", "focus", line)));
  };

  // One picture of the crops at a time; the newest wish wins.
  let isBusy = false, wanted = "";
  const address = () => {
    const listed = (kind) => whole(kind).map((each) => each.join(",")).join(";");
    const asked = new URLSearchParams({ x: focus[0].value, y: focus[1].value, redact: listed("redact"), meaning: listed("meaning") });
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
  const changed = () => { draw(); if (crops) fetchCrops(); };
  form.addEventListener("input", (event) => { if (event.target.closest(".percents")) changed(); });

  const addRow = (kind) => {
    const all = rows(kind), last = all[all.length - 1], made = last.cloneNode(true);
    inputs(made).forEach((each) => { each.value = ""; });
    for (const each of [made, made.querySelector("button")]) {
      each.setAttribute("aria-label", each.getAttribute("aria-label").replace(/\d+$/, String(all.length + 1)));
    }
    last.after(made);
  };
  form.addEventListener("click", (event) => {
    const row = event.target.closest("[data-clear]")?.closest(".box-row");
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
      const kind = form.mode.value;
      target ??= rows(kind).find((row) => kind === "scene" || numbers(row).every((each) => each.value === ""));
      if (!target) return;
      // Rounded outwards, so that nothing inside the drawn region stays visible.
      const [left, top] = [0, 1].map((n) => Math.floor(Math.min(begun[n], now[n])));
      const [right, bottom] = [0, 1].map((n) => Math.ceil(Math.max(begun[n], now[n])));
      const values = kind === "redact" ? [left, top, right, bottom] : [left, top, right - left, bottom - top];
      numbers(target).forEach((each, n) => { each.value = values[n]; });
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  };
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", () => {
    begun = null;
    const kind = form.mode.value;
    if (target && kind !== "scene" && rows(kind).every((row) => inputs(row).some((each) => each.value !== ""))) addRow(kind);
    if (target && kind === "meaning") inputs(target)[0].focus();
    changed();
  });
})();
