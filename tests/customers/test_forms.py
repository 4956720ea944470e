import pytest

from salesfloor.customers.forms import guess


@pytest.mark.parametrize(
    ("typed", "guessed"),
    [
        ("ann lee", {"first_name": "Ann", "last_name": "Lee"}),
        ("  Ann   van der Lee ", {"first_name": "Ann", "last_name": "van der Lee"}),
        ("ann", {"first_name": "Ann", "last_name": ""}),
        ("McKay", {"first_name": "McKay", "last_name": ""}),
        ("ann.lee@example.com", {"email": "ann.lee@example.com"}),
        ("+1 (514) 555-0134", {"phone": "+1 (514) 555-0134"}),
        ("0134", {}),
    ],
)
def test_what_was_typed_is_taken_for_what_it_looks_like(typed, guessed):
    assert guess(typed) == guessed
