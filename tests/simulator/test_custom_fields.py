"""Custom fields of items and customers: definitions, choices and values."""

import pytest

OWNERS = ("Item", "Customer")


def new_field(owner, kind, name="Size", whose="Item", **body):
    if kind.endswith("choice"):
        choices = [{"name": "Small"}, {"name": "Large", "value": "L"}]
        body["CustomFieldChoices"] = {"CustomFieldChoice": choices}
    answer = owner.post(f"{whose}/CustomField", {"type": kind, "name": name, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()["CustomField"]


def set_value(owner, field, value, path="Item/12"):
    body = {"customFieldID": field["customFieldID"], "value": value}
    return owner.put(path, {"CustomFieldValues": {"CustomFieldValue": [body]}})


def values_of(owner, path="Item/12", relation="CustomFieldValues"):
    record = owner.record(path, load_relations=[relation])
    return record.get("CustomFieldValues", {}).get("CustomFieldValue")


def choices_of(owner, field, path="Item/CustomField/{}/CustomFieldChoice"):
    answer = owner.get(path.format(field["customFieldID"]))
    assert answer.status_code == 200, answer.text
    return answer.json()["CustomFieldChoice"]


@pytest.mark.parametrize("whose", OWNERS)
def test_definition_is_read_written_and_archived_at_its_owners_path(owner, whose):
    field = new_field(owner, "float", "Weight", whose, uom="gram", decimalPrecision=2)
    assert set(field) == {
        "customFieldID", "type", "name", "uom", "decimalPrecision", "archived",
    }  # fmt: skip
    path = f"{whose}/CustomField/{field['customFieldID']}"
    assert owner.put(path, {"name": "Mass"}).json()["CustomField"]["name"] == "Mass"
    assert owner.delete(path).json()["CustomField"]["archived"] == "true"
    assert "CustomField" not in owner.get(f"{whose}/CustomField").json()


def test_items_and_customers_number_their_fields_by_themselves(owner):
    assert new_field(owner, "text")["customFieldID"] == "1"
    assert new_field(owner, "text", whose="Customer")["customFieldID"] == "1"


def test_default_shows_only_where_lightspeed_shows_it(owner):
    assert new_field(owner, "boolean")["default"] == "false"
    assert new_field(owner, "multi_choice")["default"] == ""
    assert "default" not in new_field(owner, "integer")
    assert new_field(owner, "integer", default=4)["default"] == "4"


@pytest.mark.parametrize(
    "body",
    [
        {"type": "colour", "name": "x"},
        {"type": "text", "name": ""},
        {"type": "text", "name": "x", "uom": "grams"},
        {"type": "text", "name": "x", "decimalPrecision": 2},
        {"type": "single_choice", "name": "x"},
    ],
)
def test_definition_that_makes_no_sense_is_refused(owner, body):
    assert owner.post("Item/CustomField", body).status_code == 400


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("string", "blue", "blue"),
        ("text", "x" * 4096, "x" * 4096),
        ("url", "http://www.example.com/", "http://www.example.com/"),
        ("email", "a@example.com", "a@example.com"),
        ("datetime", "2026-05-04T10:00:00-04:00", "2026-05-04T14:00:00+00:00"),
        ("date", "2026-05-04T10:00:00-04:00", "2026-05-04"),
        ("boolean", True, "true"),
        ("integer", "3.7", "3"),
        ("float", "2.50", "2.5"),
    ],
)
def test_value_is_kept_as_its_type_has_it(owner, kind, given, kept):
    field = new_field(owner, kind)
    assert set_value(owner, field, given).status_code == 200
    value = values_of(owner)
    assert (value["name"], value["type"], value["value"]) == ("Size", kind, kept)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("string", "x" * 65),
        ("text", "x" * 4097),
        ("url", "example"),
        ("email", "a at example"),
        ("datetime", "soon"),
        ("date", "2026-13-40"),
        ("boolean", "perhaps"),
        ("integer", "many"),
        ("float", "1,5"),
        ("single_choice", {"customFieldChoiceID": 99}),
        ("single_choice", [1, 2]),
    ],
)
def test_value_of_another_type_is_refused(owner, kind, given):
    field = new_field(owner, kind)
    assert set_value(owner, field, given).status_code == 400
    assert values_of(owner) is None


def test_a_second_value_of_a_field_replaces_the_first_and_deleted_removes_it(owner):
    field = new_field(owner, "string")
    set_value(owner, field, "red")
    set_value(owner, field, "blue")
    assert values_of(owner)["value"] == "blue"
    gone = {"customFieldID": field["customFieldID"], "deleted": True}
    owner.put("Item/12", {"CustomFieldValues": {"CustomFieldValue": gone}})
    assert values_of(owner) is None


def test_values_come_only_when_they_are_named(owner):
    set_value(owner, new_field(owner, "string"), "red")
    assert "CustomFieldValues" not in owner.record("Item/12", load_relations="all")
    assert owner.put("Item/12", {"CustomFieldValues": [{"value": "x"}]}).status_code == 400


def test_renamed_field_renames_its_values(owner):
    field = new_field(owner, "string")
    set_value(owner, field, "red")
    owner.put(f"Item/CustomField/{field['customFieldID']}", {"name": "Colour"})
    assert values_of(owner)["name"] == "Colour"


def test_chosen_value_is_an_object_that_comes_when_it_is_asked_for(owner):
    field = new_field(owner, "single_choice")
    small, _ = choices_of(owner, field)
    set_value(owner, field, {"customFieldChoiceID": small["customFieldChoiceID"]})
    assert "value" not in values_of(owner)
    value = values_of(owner, relation="CustomFieldValues.value")["value"]
    assert value == {**small, "canBeDeleted": "false"}


def test_several_choices_are_several_objects(owner):
    field = new_field(owner, "multi_choice")
    ids = [choice["customFieldChoiceID"] for choice in choices_of(owner, field)]
    chosen = {"CustomFieldChoice": [{"customFieldChoiceID": key} for key in ids]}
    set_value(owner, field, chosen)
    values = values_of(owner, relation="CustomFieldValues.value")["value"]
    assert [value["customFieldChoiceID"] for value in values] == ids


@pytest.mark.parametrize(
    "path", ["{0}/CustomField/{1}/CustomFieldChoice", "{0}/{1}/CustomFieldChoice"]
)
@pytest.mark.parametrize("whose", OWNERS)
def test_choices_are_served_at_both_spellings_of_their_path(owner, whose, path):
    field = new_field(owner, "single_choice", whose=whose)
    path = path.format(whose, field["customFieldID"])
    made = owner.post(path, {"name": "G", "value": "Letter G"}).json()["CustomFieldChoice"]
    assert set(made) == {"customFieldChoiceID", "name", "value", "canBeDeleted", "customFieldID"}
    one = f"{path}/{made['customFieldChoiceID']}"
    assert owner.put(one, {"name": "H"}).json()["CustomFieldChoice"]["name"] == "H"
    assert len(owner.get(path).json()["CustomFieldChoice"]) == 3
    assert owner.delete(one).json()["CustomFieldChoice"]["name"] == "H"
    assert owner.get(one).status_code == 404


def test_choice_is_unique_by_its_value_or_else_its_name(owner):
    path = f"Item/CustomField/{new_field(owner, 'single_choice')['customFieldID']}"
    assert owner.post(f"{path}/CustomFieldChoice", {"name": "Small"}).status_code == 400
    assert owner.post(f"{path}/CustomFieldChoice", {"name": "L"}).status_code == 400
    assert owner.post(f"{path}/CustomFieldChoice", {"name": "Large"}).status_code == 200


def test_choice_in_use_and_the_last_one_cannot_be_deleted(owner):
    field = new_field(owner, "single_choice")
    path = f"Item/CustomField/{field['customFieldID']}/CustomFieldChoice"
    small, large = (choice["customFieldChoiceID"] for choice in choices_of(owner, field))
    set_value(owner, field, small)
    assert owner.delete(f"{path}/{small}").status_code == 400
    assert owner.delete(f"{path}/{large}").status_code == 200
    set_value(owner, field, "")
    assert owner.delete(f"{path}/{small}").status_code == 400


def test_value_put_in_as_a_record_has_the_name_and_type_of_its_field(owner, stocked):
    stocked.put({"ItemCustomField": [{"customFieldID": 3, "name": "Width", "type": "integer"}]})
    value = {"CustomFieldValue": [{"customFieldID": 3, "value": "7"}]}
    stocked.put({"Item": [{"itemID": 12, "CustomFieldValues": value}]})
    kept = values_of(owner)
    assert (kept["name"], kept["type"], kept["value"]) == ("Width", "integer", "7")


@pytest.mark.parametrize("kind", ["integer", "float"])
@pytest.mark.parametrize("huge", ["1e3000000", "1e99999999", "-1e400", "9" * 4000])
def test_a_figure_beyond_all_measure_is_refused(owner, kind, huge):
    field = new_field(owner, kind)
    assert set_value(owner, field, huge).status_code == 400
    assert not values_of(owner)


def test_a_figure_too_small_to_show_is_nothing(owner):
    field = new_field(owner, "float")
    assert set_value(owner, field, "1e-99999999").status_code == 200
    assert values_of(owner)["value"] == "0"


def test_a_choice_stays_with_its_field(owner):
    field, other = new_field(owner, "single_choice"), new_field(owner, "single_choice", "Width")
    path = f"Item/CustomField/{field['customFieldID']}/CustomFieldChoice"
    for named in ("abc", other["customFieldID"]):
        assert owner.put(f"{path}/1", {"customFieldID": named}).status_code == 200
    assert owner.get(f"{path}/1").status_code == 200
