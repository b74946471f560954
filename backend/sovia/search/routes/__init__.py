"""The gallery, and the language of its filters, over HTTP."""
