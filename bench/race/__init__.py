"""One free slot and everybody who wants it, over HTTP and at the same moment (T01)."""
