"""Lists of the desk: ten times as many rows are found, grouped and shown in parts."""

from __future__ import annotations

from types import SimpleNamespace

from starlette.datastructures import URL, QueryParams

from campaign.desk.lists import matches, part_of


def test_a_long_list_is_shown_in_parts_whatever_is_asked_for():
    def part(query, count=250):
        url = URL(f"http://127.0.0.1/k/texts?{query}")
        return part_of(range(count), SimpleNamespace(url=url, query_params=QueryParams(url.query)))

    first = part("words=a+b")
    assert (list(first.rows), first.before, first.after) == ([*range(100)], "", "?words=a+b&part=2")
    last = part("words=a+b&part=3")
    assert (list(last.rows), last.before, last.after) == ([*range(200, 250)], "?words=a+b&part=2", "")
    for hostile in ("part=0", "part=-1", "part=x", "part=" + "9" * 5000, "part=4", "part=%C2%B2"):
        assert part(hostile).rows in (first.rows, last.rows), hostile
    assert not part("", 0).rows
    assert (part("", 100).before, part("", 100).after) == ("", "")


def test_words_are_found_in_any_case_order_and_without_accents():
    assert matches("joao 112", "112", "João da Silva")
    assert matches("", "x")
    assert not matches("joao 113", "112", "João")
