"""The language of filters: one document with a text form (the search box) and a JSON form that mean the same."""
