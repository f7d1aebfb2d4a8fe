"""Clients as columns."""

import pytest

from matcher import Caseload, InvalidRecords


def test_a_client_is_an_id_and_whatever_is_known():
    caseload = Caseload.from_records([{"client_id": "C-1"}, {"client_id": "C-2", "age_years": 7}])
    assert len(caseload) == 2
    assert caseload.record(0) == {"client_id": "C-1"}
    assert caseload.record(1) == {"client_id": "C-2", "age_years": 7.0}


def test_no_clients_are_a_caseload_too():
    assert len(Caseload.from_records([])) == 0


def test_records_may_come_one_after_the_other():
    assert len(Caseload.from_records({"client_id": f"C-{i}"} for i in range(3))) == 3


def test_a_full_record_is_kept_whole(make_client):
    record = make_client(
        skills=["sew garments"], experience={"75": 1.5}, household_livelihoods={"rice": 40.0}
    )
    assert Caseload.from_records([record]).record(0) == record


def test_every_choice_of_every_field_is_accepted():
    choices = {
        "sex": ["female", "male", "other"],
        "transport": ["none", "bicycle", "motorbike", "car"],
        "schooling": ["none", "primary", "lower_secondary", "upper_secondary", "tertiary"],
        "idpoor": ["none", "idpoor1", "idpoor2"],
    }
    records = [
        {"client_id": f"{field}-{word}", field: word}
        for field, words in choices.items()
        for word in words
    ]
    assert len(Caseload.from_records(records)) == len(records)


def test_a_name_or_a_story_has_no_place_in_a_client():
    for field in ("name", "religion", "trafficking_history", "phone_number"):
        with pytest.raises(InvalidRecords, match="no such field"):
            Caseload.from_records([{"client_id": "C-1", field: "x"}])
