"""Texts for pictures: counted like SMS, without accents only with approval."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, run

from campaign.content import load
from campaign.content.messages import check_messages, message_files, sms_length


@pytest.mark.parametrize(
    ("text", "letters", "parts", "foreign"),
    [
        ("a" * 160, 160, 1, ""),
        ("a" * 161, 161, 2, ""),
        ("a" * 307, 307, 3, ""),
        ("a{b}€", 8, 1, ""),
        # What counts twice is not divided between two parts: the part before it is left short.
        ("€" * 80, 160, 1, ""),
        ("a" * 152 + "€" + "a" * 151, 305, 2, ""),
        ("a" * 152 + "€" + "a" * 152, 306, 3, ""),
        ("á" * 66 + "😀" + "á" * 65, 133, 2, "á😀"),
        ("á" * 66 + "😀" + "á" * 66, 134, 3, "á😀"),
        ("é" * 160, 160, 1, ""),
        ("á" * 70, 70, 1, "á"),
        ("á" * 71, 71, 2, "á"),
        ("ñ ã", 3, 1, "ã"),
        ("😀" * 35, 70, 1, "😀"),
        ("😀" * 36, 72, 2, "😀"),
        ("ទឹក" * 25, 75, 2, "ទឹក"),
    ],
)
def test_short_messages_are_counted_in_their_own_alphabet(text, letters, parts, foreign):
    """3GPP TS 23.038: 160 letters, 153 per part; 70 and 67 with a foreign one; brackets and the euro count twice."""
    result = sms_length(text)
    assert (result.letters, result.parts, result.foreign) == (letters, parts, foreign)


def messages_of(root: Path, text: str):
    (root / "docs/fil/_messages.yml").write_text(text, encoding="utf-8")
    campaign, problems = load(root)
    return campaign, [*problems, *check_messages(campaign)]


def test_texts_are_written_beside_pictures_and_faults_are_named_at_once(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    campaign, problems = messages_of(
        root,
        """boil-the-water:
  post: "Pakuluan muna. {number} {link}"
  sms: "Pakulúan munä {number}"
  plain: "Pakuluan muna {number}"
  approved: {by: Ana José, on: 2026-11-25}
hills:
  sms: "Ang tubig ay buhay, á{phone}"
  plain: "Ang tubíg"
well:
  post: Balon
""",
    )
    ours = {problem.id: problem for problem in problems if "_messages" in problem.where}
    assert set(ours) == {"message-no-picture", "message-braces", "sms-not-plain", "sms-plain-unapproved"}
    assert "`well`" in ours["message-no-picture"].message
    files = message_files(campaign)
    number = campaign.emergency.phone
    plain = files["pictures/messages/fil/boil-the-water-fil-sms-plain.txt"]
    assert plain == f"Pakuluan muna {number} (hindi pa natitiyak)\n"
    doubt = "Wala pang tumitiyak sa numerong ito."
    link = "https://water.example/fil/leaflets/boil-the-water.html"
    assert files["pictures/messages/fil/boil-the-water-fil-post.txt"] == f"Pakuluan muna. {number} {link} ({doubt})\n"
    # It isn't approved.
    assert "pictures/messages/fil/hills-fil-sms-plain.txt" not in files


def test_texts_are_written_without_a_build(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    # A combining accent counts like the accented letter.
    words = 'boil-the-water:\n  post: "Tubig {link}"\n  sms: "Pakuluan: cafe\u0301 {number}"\n'
    (root / "docs/fil/_messages.yml").write_text(words, encoding="utf-8")
    output = run(root, "messages", "--language", "fil")
    assert re.search(r"dist/pictures/messages/fil/boil-the-water-fil-sms.txt +48 +160 +1", output), output
    folder = root / "dist/pictures/messages/fil"
    assert {item.name for item in folder.iterdir()} == {f"boil-the-water-fil-{kind}.txt" for kind in ("post", "sms")}
    assert [item.name for item in (root / "dist").iterdir()] == ["pictures"]
    assert "xx" in run(root, "messages", "--language", "xx", code=1)


def test_long_short_message_says_what_makes_it_long(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    _, problems = messages_of(root, f'boil-the-water:\n  sms: "{"Pakuluan muna ang tubíg. " * 4}"\n')
    (long,) = [problem for problem in problems if problem.id == "sms-long"]
    assert "letters of 70, since it has í: 2 are paid for" in long.message
    assert "plain:" in long.fix
    assert not long.stops
