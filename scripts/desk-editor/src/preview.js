// Beside the text, what comes of it: the page in a frame where nothing runs, or the sides of a piece as pictures.
import { ask, lineButton, newest } from "./asking.js";

export class Preview {
  constructor(given, text) {
    this.given = given;
    this.text = text;
    this.section = document.querySelector(".preview");
    this.shown = document.getElementById("shown");
    this.place = document.getElementById("shown-place");
    this.pseudo = document.getElementById("shown-pseudo");
    this.frame = this.section.querySelector("iframe");
    this.sides = this.section.querySelector(".sides");
    this.said = this.section.querySelector(".said");
    this.typed = newest(() => (this.isPage ? this.showPage() : this.showSides()));
  }

  get isPage() { return /^\d+$/.test(this.shown.value); }

  // Not empty where words are shown as those of a language that needs more room.
  get longer() { return this.pseudo.checked ? "yes" : ""; }

  begin() {
    this.section.hidden = false;
    this.shown.addEventListener("change", () => { this.fit(); this.typed(); });
    for (const wish of [this.place, this.pseudo]) wish.addEventListener("change", () => this.typed());
    this.frame.addEventListener("load", () => this.frame.contentDocument?.addEventListener("click", (event) => {
      if (event.target.closest?.("a")) event.preventDefault();
    }, true));
    new ResizeObserver(() => this.fit()).observe(this.frame.parentElement);
    this.say(this.given.words.working);
    this.fit();
    this.typed();
  }

  // The page at its own width, made small enough to be seen whole.
  fit() {
    this.frame.parentElement.hidden = !this.isPage;
    this.sides.hidden = this.isPage;
    this.place.disabled = this.isPage;
    const width = Number(this.shown.value), box = this.frame.parentElement;
    if (!width || !box.clientWidth) return;
    const scale = Math.min(1, box.clientWidth / width);
    Object.assign(this.frame.style, { width: `${width}px`, height: `${box.clientHeight / scale}px`, transform: `scale(${scale})` });
  }

  // Late, which may be since it was the first: once more, and then with the next letter.
  again(isLate) {
    if (isLate && !this.isAgain) setTimeout(() => this.typed(), 300);
    this.isAgain = isLate;
  }

  say(words, isWrong = false) {
    if (this.said.textContent !== words) this.said.textContent = words;
    this.said.classList.toggle("wrong-now", isWrong);
  }

  async showPage() {
    const { html, said } = await ask(this.given.page, { text: this.text(), pseudo: this.longer });
    this.again(!html);
    if (!html) { this.say(said ?? "", true); return; }
    this.say("");
    const there = this.frame.contentDocument?.querySelector("main");
    if (!there || this.frame.dataset.address !== this.shown.dataset.address) {
      this.frame.dataset.address = this.shown.dataset.address;
      this.frame.src = this.given.preview + this.shown.dataset.address;
      return;
    }
    // Read by the frame: its policy lets styles stand, and nothing run.
    const page = new this.frame.contentWindow.DOMParser().parseFromString(html, "text/html");
    const old = this.frame.contentDocument;
    const styles = (each) => [...each.querySelectorAll("head style")].map((style) => style.textContent).join("\n");
    if (styles(page) !== styles(old)) {
      for (const style of old.querySelectorAll("head style")) style.remove();
      old.head.append(...[...page.querySelectorAll("head style")].map((style) => old.importNode(style, true)));
    }
    there.replaceWith(old.importNode(page.querySelector("main"), true));
  }

  async showSides() {
    const format = this.shown.value, place = this.place.value;
    const pictures = this.format === format ? [...this.sides.children] : [];
    const known = pictures.map((each) => each.dataset.hash).join(" ");
    const found = await ask(this.given.sides, { text: this.text(), format, place, known, pseudo: this.longer });
    this.again(!found.sides);
    if (this.shown.value !== format) return;
    const problems = found.problems ?? [];
    // Words that do not fit are in the pictures, marked; where there are none, the last ones stay.
    const isDrawn = Boolean(found.sides?.length);
    this.sides.classList.toggle("late", !isDrawn);
    const last = pictures.length && !isDrawn ? ` ${this.given.words.last}` : "";
    const isWrong = !isDrawn || problems.length > 0;
    this.say(found.said ?? problems.map((each) => `${each.what} ${each.fix}`).join(" ") + last, isWrong);
    if (isWrong) this.said.append(...problems.filter((each) => each.line).map((each) => lineButton(this.given.words, each.line)));
    if (!isDrawn) return;
    this.format = format;
    const by = new Map(pictures.map((each) => [each.dataset.hash, each]));
    const sides = found.sides.map(({ hash, svg }, at) => by.get(hash) ?? this.picture(hash, svg, at));
    await Promise.all(sides.map((each) => each.decode?.().catch(() => {})));
    this.sides.replaceChildren(...sides);
    for (const [hash, each] of by) if (!sides.includes(each)) URL.revokeObjectURL(each.src);
  }

  picture(hash, svg, at) {
    const image = new Image();
    image.dataset.hash = hash;
    image.alt = `${this.given.words.side} ${at + 1}`;
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    return image;
  }

  // What a text is printed as may be typed too.
  list(formats) {
    for (const option of [...this.shown.options]) {
      if (!/^\d+$/.test(option.value) && !formats.includes(option.value) && !option.selected) option.remove();
    }
    for (const name of formats) {
      if (![...this.shown.options].some((each) => each.value === name)) this.shown.add(new Option(this.given.formats[name] ?? name, name));
    }
  }
}
