"""Find the ends of words in scripts without spaces (Thai, Lao, Khmer, Burmese) by ICU's dictionaries.

In Burmese no line begins with a particle: John Okell and Anna Allott, "Burmese/Myanmar: a dictionary of grammatical
forms" (2001).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from icu4py.breakers import LineBreaker

SPACELESS_SCRIPTS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"

# Letters of one sentence without a space. A virama (္, ្) binds the letter after it into one sign; Thai and Lao am
# (ำ, ຳ) is drawn over the letter before it.
RUN = re.compile(rf"[{SPACELESS_SCRIPTS}]{{2,}}")
LETTER = re.compile(r"(?<=.)(?<![\u1039\u17d2])(?=[^\W\d_\u0e33\u0eb3])")
BURMESE_MARK = re.compile("[၊။]+$")
# A silenced consonant (်) ends the syllable before it.
BURMESE_CODA = re.compile(r"[\u1000-\u1021][\u103b-\u103e]*\u1037?\u103a")
# Prefixes (မ, အ) and half words that ICU takes for words; not the particles က and ရ.
BURMESE_LONE_LETTER = re.compile(r"[\u1000-\u1021](?<![ကရ])")
BURMESE_PARTICLES = (
    # after nouns
    "က ကို မှာ မှ နဲ့ ရဲ့ တွေ တို့ များ တွင် သည် သည့် သို့ ဖြင့် နှင့် ဟာ လည်း သာ ပဲ ပင် တောင် တော့ လောက် ၏ ၌ ရော ကနေ ထဲ ဘဲ "
    # after verbs
    "ပါ တယ် မယ် ပြီ ပြီး ဘူး လို့ ရင် တဲ့ မဲ့ မယ့် သော ရန် ဖို့ ခဲ့ ကြ နိုင် သေး လား သလား လဲ သလဲ လျှင် တာ ချင် ပေ စေ ရ ရာ မှု ၍ ဆို "
    # after numbers
    "ခု နှစ် ယောက် ဦး ကြိမ် "
    # "is not", and the last part of "or"
    "မဟုတ်"
)
BURMESE_PARTICLE = re.compile(f"(?:{'|'.join(sorted(BURMESE_PARTICLES.split(), key=len, reverse=True))})+")


@lru_cache(maxsize=4096)
def word_ends(run: str, terms: tuple[str, ...] = ()) -> frozenset[int]:
    """Return where a line may end in a run of such letters, counted in letters. `terms` are never broken."""
    ends = set(_word_ends(run))
    for term in terms:
        for match in re.finditer(re.escape(term), run):
            ends.difference_update(range(match.start() + 1, match.end()))
    return frozenset(ends)


def _word_ends(run: str) -> Iterator[int]:
    """Yield the ends by dictionary."""
    words = list(LineBreaker(run, "en"))  # the dictionary is chosen by the letters
    end = 0
    for word, after in pairwise(words):
        end += len(word)
        if not (
            BURMESE_LONE_LETTER.fullmatch(word)
            or BURMESE_CODA.match(after)
            or BURMESE_PARTICLE.fullmatch(BURMESE_MARK.sub("", after))
        ):
            yield end
