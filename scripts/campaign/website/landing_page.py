"""The site's root: language picker, 404 page, sitemap."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup

from campaign.content.number_doubts import number_doubt
from campaign.models.campaign import SAFETY, Campaign, Language
from campaign.models.page import address_of
from campaign.website.metadata import Cards
from campaign.website.search.index import search_address
from campaign.website.texts import fill
from campaign.website.view import (
    HOME,
    Link,
    a_to_z_path,
    default_language_first,
    front_title,
    no_answer,
    offers_saving,
    search_code,
)
from campaign.website.words import with_number

TEMPLATE = "language-picker.html"
LANDING_PAGES = ("index.html", "404.html")
# Old Android says `in-ID` and the like: codes that ISO 639 has replaced (BCP 47 registry, "Deprecated").
OLD_CODES = {"id": "in", "he": "iw", "yi": "ji", "jv": "jw", "ro": "mo"}
# Redirects to the first of the phone's languages that the campaign has. It stores nothing, and stays if a link within
# the site asks for the list of languages.
FORWARD_JS = """(function(c,l,i,t){if(location.hash%s)return;l=navigator.languages||[navigator.language||""];\
for(i=0;i<l.length;i++)for(t=String(l[i]).toLowerCase();t;t=t.replace(/(^|-)[^-]*$/,""))\
if(c.hasOwnProperty(t))return location.replace(c[t]+"/index.html")})(%s)"""
LEFT_JS = '||name=="_n"'  # a tab that was left, as in quick-exit.js

# On the page for wrong addresses, opened from a stick: its addresses begin at the root of a host, which is no folder
# there.
UNROOT_JS = """if(location.protocol=="file:")(function(d,r){[].forEach.call(d.querySelectorAll("a,form,[data-rest]"),\
function(e){[].forEach.call(e.attributes,function(a){a.value.indexOf(r)||e.setAttribute(a.name,a.value.slice(r.length))\
})})})(document,%s);"""
# The visitor's language first, in large letters. It is that of the
# address, otherwise the phone's first language that the campaign has.
GREETING_JS = """(function(d,c,l,i,t,s,h,n){\
function f(k){return c.hasOwnProperty(k)&&d.querySelector(".choices>[lang='"+c[k]+"']")}\
s=location.pathname.slice(%s.length).split("/")[0].toLowerCase();l=[s].concat(navigator.languages||navigator.language||[]);\
for(i=0;i<l.length;i++)for(t=String(l[i]).toLowerCase();t;t=t.replace(/(^|-)[^-]*$/,""))if(s=f(t)){\
s.parentNode.insertBefore(s,s.parentNode.firstChild);s.className="mine";\
(h=s.querySelector(".help"))&&(n=d.querySelector(".need"))&&(n.lang=s.lang,n.dir=s.dir,n=n.firstChild,\
n.textContent=h.textContent,n.href=h.href);n=d.querySelector("form.search");["action","data-search"].forEach(\
function(a){n.setAttribute(a,n.getAttribute(a).replace(/[\\w-]+(?=\\/[^\\/]*$)/,s.lang))});\
d.documentElement.lang=s.lang;d.documentElement.dir=s.dir;\
d.title=s.querySelector("p").textContent.replace(/\\.$/,"")+d.title.replace(/^.*?(?= – )/,"");return}})(document,%s)"""


def landing_pages(campaign: Campaign, env: Environment, cards: Cards) -> dict[str, str]:
    """Return index.html and 404.html."""
    template = env.get_template(TEMPLATE)
    base = urlsplit(campaign.site_url).path or "/"
    languages = default_language_first(campaign.languages.values())
    emergency = campaign.emergency
    first = campaign.first_language
    shared = {
        "campaign": campaign,
        "languages": languages,
        "first": first,
        "language": first,
        "emergency": emergency,
        "doubt": number_doubt(first, emergency),
        "call": Markup(with_number(first.strings["call"], emergency.phone)) if emergency else "",
    }
    base_url = campaign.site_url if campaign.is_published else ""
    search_codes = {code: search_code(code) for code in campaign.languages}
    alternates = [
        (search_codes[code], f"{base_url}{address_of(code, HOME)}") for code in search_codes if search_codes[code]
    ]
    alternates.append(("x-default", f"{base_url}index.html"))
    return {
        "index.html": template.render(
            **shared,
            base="",
            phone=_phone(campaign, ""),
            **_ways_on(campaign, ""),
            is_missing=False,
            title=front_title(campaign, first),
            canonical=f"{base_url}index.html",
            card=cards.front_card(campaign, base_url),
            alternates=alternates,
            forward=Markup(
                FORWARD_JS
                % (
                    LEFT_JS if campaign.may_be_watched else "",
                    _codes(language for language in campaign.languages.values() if not language.is_asked),
                )
            ),
        ),
        # Served under any address, so its links begin at the site's root.
        "404.html": template.render(
            **shared,
            base=base,
            phone=_phone(campaign, base),
            **_ways_on(campaign, base),
            is_missing=True,
            greet=Markup(greet_script(campaign, base)),
        ),
    }


def _ways_on(campaign: Campaign, base: str) -> dict[str, object]:
    """Return the links to help, and the addresses of the search. `base`: path to the site's root."""
    pages = {code: campaign.page(code, campaign.help_page) for code in campaign.languages}
    first = campaign.first_language.code
    return {
        "help": {code: base + address_of(code, page.path) for code, page in pages.items() if page},
        "find_list": base + address_of(first, a_to_z_path(1)),
        "find_script": base + search_address(first),
    }


def _phone(campaign: Campaign, base: str) -> dict[str, object]:
    """Return the links in the foot of these pages. `base`: path to the site's root."""
    code = campaign.first_language.code
    page, no_answer_link = campaign.page(code, SAFETY), no_answer(campaign, code, lambda address: base + address)
    if not page:
        return {"safety": None, "no_answer": no_answer_link}
    language = None if page.language == code else campaign.languages[page.language]
    link = Link(page.title, base + address_of(code, SAFETY), language=language)
    return {"safety": link, "offers_saving": offers_saving(campaign, page), "no_answer": no_answer_link}


def greet_script(campaign: Campaign, base: str) -> str:
    """Return the script of the 404 page. `base`: path of the site's root."""
    root = json.dumps(base).replace("<", "\\u003c")
    return (UNROOT_JS % root) + GREETING_JS % (
        json.dumps(base).replace("<", "\\u003c"),
        _codes(campaign.languages.values()),
    )


def _codes(languages: Iterable[Language]) -> str:
    locales = [language.code for language in languages]
    codes = {code.lower(): code for code in locales} | {OLD_CODES[code]: code for code in locales if code in OLD_CODES}
    return json.dumps(codes, separators=(",", ":"))


def site_map(campaign: Campaign) -> str:
    """Return sitemap.xml: every translated page with its alternates."""
    addresses: dict[str, dict[str, str]] = {}
    for code, path in sorted(campaign.pages):
        addresses.setdefault(path, {})[code] = campaign.site_url + address_of(code, path)
    return fill("sitemap.xml", pages=list(addresses.values()), search_code=search_code)


def robots(campaign: Campaign) -> str:
    """Return robots.txt, which allows everything."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {campaign.site_url}sitemap.xml\n"
