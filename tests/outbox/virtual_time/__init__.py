"""Days of a shop in virtual time, with all that can go wrong, and what the books say afterwards."""
