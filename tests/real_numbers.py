"""HELP with telephone numbers as an office has them: five of the country, and three of Viqueque with long names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from conftest import REPOSITORY

from campaign.content.contacts import ContactReader
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem

PLACE = "viqueque"
# Numbers of the country that HELP doesn't know.
NATIONAL = ("vulnerable-persons-unit", "fatin-hakmatek", "alfela", "fokupers")
NUMBER = (
    '    phone: "+670 7730 010{}"\n    calls: [{{on: 2026-11-24, by: Ana, answered: yes}}]\n    languages: [tet, pt]\n'
)
LOCAL = """
  - id: local-police
    kind: police
    name:
      en: National Police, Municipal Command, Vulnerable Persons Unit of Viqueque
      tet: Polísia Nasionál, Komandu Munisipál, Unidade Ema Vulneravel Vikeke nian
      pt: Polícia Nacional, Comando Municipal, Unidade de Pessoas Vulneráveis de Viqueque
      id: Kepolisian Nasional, Komando Kotamadya, Unit Orang Rentan Viqueque
    does: [police, women-children]
    hours: always
    source: tip-2022
  - id: local-health
    kind: health
    name:
      en: Municipal Health Service of Viqueque, Community Health Centre
      tet: Servisu Saúde Munisípiu Vikeke, Sentru Saúde Komunitáriu
      pt: Serviço de Saúde do Município de Viqueque, Centro de Saúde Comunitário
      id: Dinas Kesehatan Kotamadya Viqueque, Pusat Kesehatan Masyarakat
    does: [care, counselling]
    hours: 8:00-12:00, 13:00-17:00
    source: pradet-fatin-hakmatek
  - id: local-social
    kind: social
    name:
      en: Social Solidarity, Municipal Office for the Protection of Women and Children
      tet: Solidariedade Sosiál, Servisu Munisipál ba Protesaun Feto no Labarik
      pt: Solidariedade Social, Serviço Municipal de Proteção das Mulheres e Crianças
      id: Solidaritas Sosial, Kantor Kotamadya Perlindungan Perempuan dan Anak
    does: [women-children, return]
    hours: 8:00-12:00, 13:00-17:00
    source: fokupers
"""


def numbered(text: str, ids: tuple[str, ...], first: int) -> str:
    for last, name in enumerate(ids, first):
        text = text.replace(f"  - id: {name}\n", f"  - id: {name}\n{NUMBER.format(last)}")
    return text


def contact_reader(campaign: Campaign, root: Path, problems: list[Problem]) -> ContactReader:
    words, languages = campaign.source_language.strings, tuple(campaign.languages)
    code = campaign.source_language.code
    return ContactReader(root, words, campaign.sources, problems, campaign.date, languages, code, campaign.country)


def national_text(order: str = "") -> str:
    """The file of the country's contacts with numbers, and a line at its top."""
    text = (REPOSITORY / "assets/contacts/national.yml").read_text("utf-8")
    return f"{order}\n{numbered(text, NATIONAL, 1)}"


def with_real_numbers(campaign: Campaign, root: Path) -> Campaign:
    """The campaign with eight numbers in Viqueque. `root` is an empty folder."""
    folder = root / "assets/contacts"
    folder.mkdir(parents=True)
    text = national_text().replace("does: [care]\n", "does: [care, counselling]\n")
    text = text.replace("does: [shelter]\n", "does: [shelter, women-children, counselling]\n")
    (folder / "national.yml").write_text(text, "utf-8")
    local = numbered(LOCAL, ("local-police", "local-health", "local-social"), 5)
    (folder / f"{PLACE}.yml").write_text(f"names: {{en: Viqueque}}\ncontacts:{local}", "utf-8")
    problems: list[Problem] = []
    reader = contact_reader(campaign, root, problems)
    national, place = reader.read_national(), campaign.places[PLACE]
    found = reader.read_place(PLACE, tuple(campaign.languages), "", place)
    assert found, problems
    assert not problems, problems
    places = {**campaign.places, PLACE: replace(place, contacts=found.contacts)}
    return replace(campaign, contacts=national, places=places)
