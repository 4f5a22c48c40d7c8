// Finds entries in INDEX, which the build prepends (campaign.website.search). It forgives wrong letters, endings, words
// joined or split, and knows words with the same meaning. It touches no page: search.js shows what it finds. Old phones
// run this: no arrow functions, no classes, no property escapes, no lookbehind.
var FIND = (function (index) {
  var rules = index.rules, digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", BASE = 32;
  var TITLE = 3, NOTE = 1.5, TEXT = 1, SAME = 0.7, BEGUN = 0.6, WRONG = 0.6, INSIDE = 0.3, LEAST = 0.25, FIRST = 1000;
  var apostrophes = new RegExp("[" + rules.apostrophes + "]", "g"), marks = new RegExp("[" + rules.marks + "]", "g");
  var breaks = new RegExp("[" + rules.breaks + "]+"), two = new RegExp("^[" + rules.two + "]");
  var three = new RegExp("^[" + rules.three + "]");
  var runs = new RegExp("[" + rules.two + "]+|[" + rules.three + "]+|[^" + rules.two + rules.three + "]+", "g");
  var letters = new RegExp("[" + Object.keys(rules.letters).join("") + "]", "g");
  var affixes = rules.affixes.map(function (pattern) { return new RegExp(pattern); });
  // words: stem -> [number of entries, [entry, weight of the field, entry, ...]]; phrases: entry -> lists of stems.
  var words = Object.create(null), same = Object.create(null), phrases = [], firsts = {}, known = Object.create(null);
  var keys, masks, count = index.entries.length;

  function fold(text) {
    return text.replace(apostrophes, "").toLowerCase().normalize("NFKD").replace(marks, "")
      .replace(letters, function (letter) { return rules.letters[letter]; });
  }

  var alike = Object.keys(rules.alike).map(function (from) { return [from, rules.alike[from]]; });

  function stem(word) {
    alike.forEach(function (each) { word = word.split(each[0]).join(each[1]); });
    word = word.replace(/([a-z])\1+/g, "$1");
    affixes.forEach(function (affix) { word = word.replace(affix, "$1"); });
    return word;
  }

  // The folded words, and in scripts without spaces every sequence of letters of a fixed length.
  function split(text) {
    var found = [];
    fold(text).split(breaks).forEach(function (part) {
      (part.match(runs) || []).forEach(function (run) {
        var size = two.test(run) ? 2 : three.test(run) ? 3 : 0, at = 0;
        if (!size || run.length <= size) return found.push(run.slice(0, rules.longest));
        for (; at + size <= run.length; at++) found.push(run.slice(at, at + size));
      });
    });
    return found;
  }

  function stems(text) { return split(text).map(stem); }

  function add(word, entry, weight) {
    var list = words[word] || (words[word] = [0, []]);
    // Fields come in the order of their weight.
    if (list[1][list[1].length - 2] === entry) return;
    list[0]++;
    list[1].push(entry, weight);
  }

  function rarity(word) { return Math.log(1 + count / words[word][0]); }

  // A bit for each letter: words that differ in many bits need no closer look.
  function mask(word) {
    var bits = 0, i = word.length;
    while (i--) bits |= 1 << (word.charCodeAt(i) & 31);
    return bits;
  }

  function bits(number) {
    var sum = 0;
    for (; number; number &= number - 1) sum++;
    return sum;
  }

  // Whether two words differ in at most `most` letters: wrong, missing, added, or two swapped.
  function isNear(a, b, most) {
    var before, last, row = [], i, j, least;
    for (j = 0; j <= b.length; j++) row[j] = j;
    for (i = 1; i <= a.length; i++) {
      before = last;
      last = row;
      row = [i];
      least = i;
      for (j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (before && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
        least = Math.min(least, row[j]);
      }
      if (least > most) return false;
    }
    return row[b.length] <= most;
  }

  function slips(word) { return two.test(word) || three.test(word) || word.length < 4 ? 0 : word.length < 8 ? 1 : 2; }

  // Stem -> how well it matches a typed word, from 0 to 1.
  function match(raw) {
    var word = stem(raw), result = Object.create(null), most, bitsOf;
    if (known[raw]) return known[raw];
    if (words[word]) result[word] = 1;
    (same[word] || []).forEach(function (other) { if (words[other] && !result[other]) result[other] = SAME; });
    most = words[word] ? 0 : slips(word);
    bitsOf = mask(word);
    keys.forEach(function (key, i) {
      var at, worth = 0;
      if (result[key]) return;
      at = word.length > 1 || !words[word] ? key.indexOf(word) : -1;
      if (at && raw !== word && !key.indexOf(raw)) at = 0;
      if (!at) worth = BEGUN * (0.5 + 0.5 * word.length / key.length);
      else if (at > 0 && word.length > (word < "\u0300" ? 4 : 2)) worth = INSIDE * word.length / key.length;
      if (most && Math.abs(key.length - word.length) <= most && bits(bitsOf ^ masks[i]) <= 2 * most) {
        if (isNear(word, key, 1)) worth = Math.max(worth, WRONG);
        else if (most > 1 && isNear(word, key, 2)) worth = Math.max(worth, WRONG / 2);
      }
      if (worth) result[key] = worth;
    });
    return known[raw] = result;
  }

  function isEmpty(map) {
    for (var key in map) return !key;
    return true;
  }

  // The typed words with what they match. Two that are one word here count as one, and one that is two as two.
  function terms(typed) {
    var all = split(typed), found = [];
    all.forEach(function (raw, i) {
      var joined = i + 1 < all.length && stem(raw + all[i + 1]), matched = match(raw), at, left, right, best;
      if (joined && words[joined]) found.push(match(raw + all[i + 1]));
      if (isEmpty(matched)) for (at = 3; at + 3 <= raw.length; at++) {
        left = stem(raw.slice(0, at));
        right = stem(raw.slice(at));
        if (words[left] && words[right] && (!best || Math.min(at, raw.length - at) > best[2])) best = [left, right, Math.min(at, raw.length - at)];
      }
      if (best) return found.push(match(best[0]), match(best[1]));
      if (!isEmpty(matched)) found.push(matched);
    });
    return found;
  }

  function best(word, typed) {
    return typed.reduce(function (most, term) { return Math.max(most, term[word] || 0); }, 0);
  }

  // How much of a list of stems was typed, from 0 to 1, times how much that says.
  function worth(list, typed) {
    var got = 0, all = 0;
    list.forEach(function (word) {
      all += rarity(word);
      got += rarity(word) * best(word, typed);
    });
    return all && got * got * got / all / all;
  }

  function find(typed) {
    var all = terms(typed), scores = {}, most = 0, whole = 0;
    all.forEach(function (term) {
      var best = {}, says = 0;
      Object.keys(term).forEach(function (word) {
        var list = words[word][1], worth = rarity(word) * term[word], i;
        says = Math.max(says, worth);
        for (i = 0; i < list.length; i += 2) best[list[i]] = Math.max(best[list[i]] || 0, worth * list[i + 1]);
      });
      whole += says;
      Object.keys(best).forEach(function (entry) {
        var row = scores[entry] || (scores[entry] = [0, 0]);
        row[0] += best[entry];
        row[1] += Math.min(says, best[entry]);
      });
    });
    Object.keys(scores).forEach(function (entry) {
      var row = scores[entry], bonus = 0;
      phrases[entry].forEach(function (list) { bonus = Math.max(bonus, worth(list, all)); });
      scores[entry] = row[0] * (0.4 + 0.6 * row[1] / whole) + TITLE * bonus;
      most = Math.max(most, scores[entry]);
    });
    most *= LEAST;
    // Urgent words: all of a rule are typed, each at most with a wrong letter. The most exact rule counts.
    Object.keys(rules.first).forEach(function (entry) {
      var most = 0;
      firsts[entry].forEach(function (list) {
        var least = Math.min.apply(Math, list.map(function (word) { return best(word, all); }));
        if (least >= WRONG) most = Math.max(most, least + list.length);
      });
      if (most) scores[entry] = (scores[entry] || 0) + FIRST * most;
    });
    return Object.keys(scores).filter(function (entry) {
      // In a copy, an entry that was left out has no address.
      return scores[entry] >= most && index.entries[entry][1];
    }).sort(function (a, b) { return scores[b] - scores[a] || a - b; }).map(function (entry) { return index.entries[entry]; });
  }

  // Titles, notes and phrases as they are shown, and the words of texts as the build packed them.
  var before = "", places = index.places.split(" "), late = [];
  index.entries.forEach(function (entry, n) {
    var lists = [entry[0]].concat(entry[4] ? entry[4].split("|") : []).map(stems);
    phrases[n] = lists;
    lists.forEach(function (list) { list.forEach(function (word) { add(word, n, TITLE); }); });
    stems(entry[2] + " " + (entry[3] || "")).forEach(function (word) { add(word, n, NOTE); });
  });
  index.words.split(" ").forEach(function (coded, n) {
    var entry = 0, number = 0, scale = 1, i, digit;
    if (!coded) return;
    before = before.slice(0, digits.indexOf(coded[0])) + coded.slice(1);
    for (i = 0; i < places[n].length; i++) {
      digit = digits.indexOf(places[n][i]);
      number = number * BASE + digit % BASE;
      if (digit < BASE) {
        late.push([before, entry += number]);
        number = 0;
      }
    }
  });
  late.forEach(function (each) { add(each[0], each[1], TEXT); });
  rules.same.forEach(function (group) {
    var list = stems(group);
    list.forEach(function (word) { same[word] = (same[word] || []).concat(list); });
  });
  Object.keys(rules.first).forEach(function (entry) {
    firsts[entry] = rules.first[entry].split("|").map(stems);
    firsts[entry].forEach(function (list) {
      list.forEach(function (word) { if (!words[word]) words[word] = [1, []]; });
    });
  });
  keys = Object.keys(words);
  masks = keys.map(mask);
  find.stem = stem; // for tests
  return find;
})(INDEX);
