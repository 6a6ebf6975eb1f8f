from denggao.systems.craftsmen.models.craftsmen import BonusOrder, Craftsman, CraftsmanAct, CraftsmanQuerySet, Medal, NamingOrder
from denggao.systems.craftsmen.models.nominations import Channel, Deed, Nomination, RoundTerms

__all__ = [
    "BonusOrder",
    "Channel",
    "Craftsman",
    "CraftsmanAct",
    "CraftsmanQuerySet",
    "Deed",
    "Medal",
    "NamingOrder",
    "Nomination",
    "RoundTerms",
]
