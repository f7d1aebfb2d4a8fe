"""Places, distances, and the time and money it takes to travel them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.columns import Floats
from matcher.reference import Parameters

Indices = NDArray[np.intp]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def great_circle_km(latitude: Floats, longitude: Floats) -> Floats:
    """Return the distances between all pairs of points on a sphere.

    Parameters
    ----------
    latitude, longitude
        Degrees, of shape (n,).

    Returns
    -------
    distances
        Kilometres, of shape (n, n).

    Examples
    --------
    >>> km = great_circle_km(np.array([11.563, 13.362]), np.array([104.916, 103.861]))
    >>> round(float(km[0, 1]))
    231
    """
    phi, lam = np.radians(latitude), np.radians(longitude)
    xyz = np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
    chord = np.sqrt(((xyz[:, None, :] - xyz[None, :, :]) ** 2).sum(axis=2))
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1)))


KM_DIGITS = 9
"""Digits kept of a distance in km: places equally far away must not differ by a rounding."""


class Geography:
    """The places of the country by index, and the road between any two of them.

    A place is known at the level at which it was told: province, district or commune. Coordinates
    are those of the district's seat, else of the province's capital.

    Parameters
    ----------
    places
        Columns ``code``, ``level``, ``latitude``, ``longitude``.
    parameters
        ``road_detour_factor``, ``same_commune_km``, ``same_district_km``.
    """

    def __init__(self, places: pd.DataFrame, parameters: Parameters) -> None:
        self.codes = places["code"].to_numpy(dtype=object)
        self._index = {code: row for row, code in enumerate(self.codes)}
        self._same_commune_km = parameters["same_commune_km"]
        self._same_district_km = parameters["same_district_km"]
        self.is_province = np.array([len(code) == 2 for code in self.codes])
        self.province = np.array([self._index[code[:2]] for code in self.codes], dtype=np.intp)
        self.district = self._ancestors(4)
        self.commune = self._ancestors(6)
        self.node, self.km = self._road_table(places, parameters["road_detour_factor"])

    def _ancestors(self, digits: int) -> Indices:
        """Index of each place's ancestor at a level; -1 where it is above that level."""
        return np.array(
            [self._index.get(c[:digits], -1) if len(c) >= digits else -1 for c in self.codes],
            dtype=np.intp,
        )

    def _road_table(self, places: pd.DataFrame, detour: float) -> tuple[Indices, Floats]:
        latitude = places["latitude"].to_numpy(dtype=np.float64).copy()
        longitude = places["longitude"].to_numpy(dtype=np.float64).copy()
        for parent in (self.district, self.province):
            lost = np.isnan(latitude) & (parent >= 0)
            latitude[lost], longitude[lost] = latitude[parent[lost]], longitude[parent[lost]]
        points = np.stack([latitude, longitude], axis=1)
        nodes, node = np.unique(points, axis=0, return_inverse=True)
        by_road = np.maximum(
            great_circle_km(nodes[:, 0], nodes[:, 1]) * detour, self._same_district_km
        )
        km = by_road.round(KM_DIGITS)
        return node.reshape(-1).astype(np.intp), km

    def index(self, code: str | None) -> int:
        """Return the index of a geocode, or of its nearest known ancestor; -1 if there is none."""
        while code:
            if (found := self._index.get(code)) is not None:
                return found
            code = code[:-2]
        return -1

    def indices(self, codes: Iterable[str | None]) -> Indices:
        """Return the index of each geocode, as :meth:`index` does."""
        return np.fromiter((self.index(code) for code in codes), dtype=np.intp)

    def road_km(self, a: Indices, b: Indices) -> Floats:
        """Return the distance by road between places.

        Parameters
        ----------
        a, b
            Indices of places that broadcast together; -1 is an unknown place.

        Returns
        -------
        distance
            Kilometres one way; NaN where either place is unknown.
        """
        km = self.km[self.node[a], self.node[b]]
        same_commune = (self.commune[a] == self.commune[b]) & (self.commune[a] >= 0)
        km = np.where(same_commune, self._same_commune_km, km)
        return np.where((a < 0) | (b < 0), np.nan, km)

    def contains(self, area: Indices, place: Indices) -> NDArray[np.bool_]:
        """Tell which areas hold which places; indices broadcast together, -1 holds nothing."""
        near = (self.commune[place] == area) | (self.district[place] == area)
        held = near | (self.province[place] == area)
        return np.asarray(held & (area >= 0) & (place >= 0))

    def within(self, places: Indices, area: str) -> NDArray[np.bool_]:
        """Tell which places lie inside an area given by its geocode."""
        inside = np.array([code.startswith(area) for code in self.codes])
        return np.asarray(inside[places] & (places >= 0))

    def encloses(self, places: Indices, area: str) -> NDArray[np.bool_]:
        """Tell which places are wider than an area and hold it: they may lie inside it or not."""
        wider = np.array([area.startswith(code) and code != area for code in self.codes])
        return np.asarray(wider[places] & (places >= 0))


@dataclass(frozen=True)
class TravelMode:
    """One way to get about.

    Parameters
    ----------
    km_per_hour
        Speed on the road.
    fixed_minutes
        Waiting and walking, whatever the distance.
    usd_per_km
        Running cost or fare.
    """

    km_per_hour: float
    fixed_minutes: float
    usd_per_km: float


class Transport:
    """Time and cost of the way to work by the vehicle a client has.

    Who has no vehicle walks up to ``WALK_LIMIT_KM`` and pays for a ride beyond. Time and cost never
    fall as the distance grows.
    """

    WALK_LIMIT_KM = 3.0

    def __init__(self, modes: pd.DataFrame) -> None:
        self.modes = {
            mode: TravelMode(*map(float, numbers))
            for mode, *numbers in modes[["mode", *TravelMode.__annotations__]].itertuples(
                index=False, name=None
            )
        }

    def minutes(self, km: Floats, vehicle: NDArray[np.object_]) -> Floats:
        """Return minutes one way; ``vehicle`` broadcasts with ``km`` and may be None."""
        walked = self._timed(np.minimum(km, self.WALK_LIMIT_KM), "walk")
        minutes = np.where(
            km <= self.WALK_LIMIT_KM, walked, np.maximum(walked, self._timed(km, "shared"))
        )
        for name in ("bicycle", "motorbike", "car"):
            minutes = np.where(vehicle == name, self._timed(km, name), minutes)
        return minutes

    def usd(self, km: Floats, vehicle: NDArray[np.object_]) -> Floats:
        """Return the cost one way in USD; ``vehicle`` broadcasts with ``km`` and may be None."""
        fare = self.modes["shared"].usd_per_km * km
        cost = np.where(km <= self.WALK_LIMIT_KM, 0.0, fare)
        for name in ("bicycle", "motorbike", "car"):
            cost = np.where(vehicle == name, self.modes[name].usd_per_km * km, cost)
        return np.where(np.isnan(km), np.nan, cost)

    def km_within(self, minutes: Floats, vehicle: NDArray[np.object_]) -> Floats:
        """Return the furthest road that fits into minutes one way, by the client's vehicle."""
        reach = np.maximum(self._reached(minutes, "shared"), self._reached(minutes, "walk"))
        for name in ("bicycle", "motorbike", "car"):
            reach = np.where(vehicle == name, self._reached(minutes, name), reach)
        return reach

    def _reached(self, minutes: Floats, name: str) -> Floats:
        mode = self.modes[name]
        return np.maximum(minutes - mode.fixed_minutes, 0.0) * mode.km_per_hour / 60.0

    def _timed(self, km: Floats, name: str) -> Floats:
        mode = self.modes[name]
        return mode.fixed_minutes + 60.0 * km / mode.km_per_hour
