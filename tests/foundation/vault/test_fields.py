import pytest

from denggao.foundation.vault.fields import CellUnreadable, blind_index, seal, unseal


def test_a_sealed_cell_opens_in_its_place_only():
    cell = seal("11010519491231002X", place="people.identitydocument.number")

    assert unseal(cell, place="people.identitydocument.number") == "11010519491231002X"
    with pytest.raises(CellUnreadable):
        unseal(cell, place="people.person.phone")


def test_a_changed_cell_does_not_open():
    cell = seal("11010519491231002X", place="x")

    with pytest.raises(CellUnreadable):
        unseal(cell[:-1] + bytes([cell[-1] ^ 1]), place="x")


def test_equal_text_has_one_blind_index_within_a_context():
    assert blind_index("id", "A") == blind_index("id", "A")
    assert blind_index("id", "A") != blind_index("phone", "A")
    assert len(blind_index("id", "A")) == 16
