"""The keys that a configuration may hold: one file a section, pydantic models of what is written there.

Every scalar arrives as text (YAML's `NO` and `007` stay what they are), and the types of `base` read it.
"""
