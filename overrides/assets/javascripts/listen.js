// Reads a page aloud, sentence by sentence, with a voice of the phone, or plays its recording. Fetched at the first press
// of "Listen" (deferred.js), which has found one of both; the build prepends WORDS. Old phones run this.
// One letter each where this is read by a phone: listen opener article sound speech sentences bar current isPaused at rate volume make add silence play speak mark read cut stop start open pause slower place tag label button work texts parts said node rest last left voice isOn found walker around silent ends error
(function (d, w) {
  var listen = d.querySelector(".listen"), opener = listen.querySelector("button"), article = d.querySelector("article");
  var sound = d.querySelector("#page-listen ~ audio"), speech = w.speechSynthesis;
  var sentences, bar, current, isPaused, at, rate, volume;
  var around = "p,li,h1,h2,h3,td,th,summary,div";
  var silent = "[hidden],svg,sup,form,button,.contents,.recording,.footnotes";
  // Up to the sign that ends a sentence, or to the end of its paragraph.
  var ends = new RegExp("[^]+?([.!?…]\\D?(?=\\s|$)|[。！？।۔؟။។]|$)", "g");

  function make(place, tag, label) {
    place = place.appendChild(d.createElement(tag));
    place.textContent = label;
    return place;
  }

  function add(label, work) {
    var button = make(bar, "button", label);
    button.className = "small-button";
    button.style.margin = "4px";
    button.onclick = work;
    return button;
  }

  // Put an element around each part of a sentence: a link or a bold word may begin in the middle of it.
  function cut(texts, voice) {
    var node = texts[0], n = 1;
    texts.map(function (node) { return node.data; }).join("").match(ends).forEach(function (left) {
      var parts = [], said = "", rest, last;
      for (left = left.length; left > 0 && node; node = rest) {
        rest = node.length > left ? node.splitText(left) : texts[n++];
        left -= node.length;
        said += node.parentNode.closest(".number") ? node.data.replace(/\d/g, "$& ") : node.data;
        if (!/\S/.test(node.data)) continue;
        parts.push(last = d.createElement("data"));
        node.parentNode.replaceChild(last, node);
        last.appendChild(node);
      }
      if (parts[0]) sentences.push([parts, said, voice]);
    });
  }

  function read() {
    var walker = d.createTreeWalker(article, 4), found = [], node, texts, last;
    while ((node = walker.nextNode())) if (!node.parentNode.closest(silent)) {
      if (last !== (last = node.parentNode.closest(around))) found.push(texts = []);
      texts.push(node);
    }
    sentences = [];
    found.forEach(function (texts) {
      var voice = listen.voiceIn(texts[0].parentNode.closest("[lang]").lang);
      if (voice) cut(texts, voice);
    });
  }

  function mark(isOn) {
    if (sentences && sentences[at]) sentences[at][0].forEach(function (node) {
      if (isOn) make(node, "mark").appendChild(node.firstChild);
      else node.textContent = node.textContent;
    });
  }

  function speak() {
    var found = sentences[at], node;
    if (!bar || isPaused) return;
    if (!found) return stop();
    mark(1);
    node = found[0][0];
    (node.closest("details") || {}).open = 1;
    node.scrollIntoView({ block: "center" });
    current = new SpeechSynthesisUtterance(found[1]);
    current.voice = found[2];
    current.lang = found[2].lang;
    current.rate = rate;
    // Quiet at first, and a little louder with each sentence.
    current.volume = Math.min(1, volume += 0.1);
    current.onend = current.onerror = function () {
      if (this !== current) return;
      mark();
      at++;
      speak();
    };
    speech.speak(current);
  }

  function silence() {
    current = 0;
    if (speech) speech.cancel();
    if (sound) sound.pause();
    mark();
  }

  function play() {
    // Browsers need a moment between silence and the next sentence.
    if (!sound) return setTimeout(speak, 99);
    sound.playbackRate = rate;
    sound.play().catch(function (error) {
      if (/Supp/.test(error.name)) start(sound = 0);
    });
  }

  function stop() {
    if (!bar) return;
    silence();
    bar.remove();
    bar = 0;
    opener.focus({ preventScroll: 1 });
  }

  function start() {
    var pause, slower;
    if (!bar) return;
    bar.textContent = "";
    at = isPaused = 0;
    volume = 0.2;
    rate = 1;
    pause = add(WORDS[2], function () {
      silence();
      isPaused = !isPaused;
      pause.textContent = WORDS[isPaused ? 3 : 2];
      if (!isPaused) play();
    });
    slower = add(WORDS[4], function () {
      rate = 1.7 - rate;
      slower.setAttribute("aria-pressed", rate < 1);
      silence();
      if (!isPaused) play();
    });
    add(WORDS[5], stop);
    pause.focus();
    if (sound) {
      sound.volume = 0.3;
      setTimeout(function () { sound.volume = 1; }, 6e3);
      sound.onended = stop;
    } else if (!sentences) read();
    play();
  }

  function open() {
    if (bar) return;
    bar = make(listen.parentNode, "div");
    bar.className = "told";
    bar.style.cssText = "position:fixed;z-index:3;left:0;right:0;bottom:0;margin:auto;outline:3px solid";
    make(bar, "p", WORDS[0]);
    add(WORDS[1], start).focus();
    add(WORDS[5], stop);
  }

  opener.onclick = open;
  w.onpagehide = d.onvisibilitychange = stop;
  // Only with leaving:
  // Leaving replaces the body, also where there is no network to leave by.
  new MutationObserver(silence).observe(d.documentElement, { childList: true });
  // End of leaving
  open();
})(document, window);
