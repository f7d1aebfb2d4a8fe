"""Invented names of employers and providers; any likeness to a real one is chance."""

from __future__ import annotations

from data.demo.dice import Dice

_FIRST = (
    "Romdoul", "Chamkar", "Mekong", "Tonle", "Apsara", "Bopha", "Chan Reah", "Phkay", "Sambo",
    "Rumduol", "Malis", "Kolap", "Chouk", "Thnot", "Svay Tong", "Krasang", "Rolous", "Preah Vihea",
    "Koh Trey", "Veal Srae", "Phnom Tbeng", "O Tonle", "Stung Keo", "Boeng Chhuk",
)  # fmt: skip
_SECOND = (
    "Sunrise", "Harvest", "Star", "Lotus", "Golden Field", "New Day", "Green Leaf", "Two Rivers",
    "Blue Hill", "Good Hands", "Bright Path", "Third Street", "Riverside", "Old Market",
    "Rainbow", "Full Moon",
)  # fmt: skip
_NOUNS = {
    "garment": ("Garment", "Apparel", "Footwear"),
    "construction": ("Building", "Construction", "Works"),
    "hospitality": ("Guest House", "Restaurant", "Coffee", "Hotel"),
    "retail": ("Mart", "Store", "Trading"),
    "manufacturing": ("Manufacturing", "Foods", "Components"),
    "agriculture": ("Farm", "Plantation", "Farmers' Cooperative"),
    "services": ("Services", "Workshop", "Salon"),
    "transport": ("Transport", "Delivery", "Logistics"),
    "education": ("Kindergarten", "School"),
    "health": ("Clinic", "Health Centre"),
    "security": ("Security", "Guarding"),
    "fishing": ("Fishers' Group", "Seafood"),
    "domestic_work": ("Household Staff", "Family House"),
    "brick_kiln": ("Brick Kiln", "Bricks and Tiles"),
    "distant_water_fishing": ("Ocean Fishery", "Deep Sea Fleet"),
}
_TRAINERS = ("Skills Centre", "Training House", "Vocational School")
_FUNDERS = ("Livelihood Fund", "Village Enterprise Programme", "Small Business Grant")


def company(dice: Dice, sector: str) -> str:
    """Name of an employer of a sector."""
    return f"{dice.one(_FIRST)} {dice.one(_SECOND)} {dice.one(_NOUNS[sector])}"


def trainer(dice: Dice) -> str:
    """Name of a non-governmental training provider."""
    return f"{dice.one(_FIRST)} {dice.one(_TRAINERS)}"


def funder(dice: Dice) -> str:
    """Name of a grant programme."""
    return f"{dice.one(_FIRST)} {dice.one(_FUNDERS)}"
