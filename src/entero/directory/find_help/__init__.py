"""The public journey: one question a page, then the places that will take this person."""
