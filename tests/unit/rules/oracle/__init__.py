"""The language text, sentence by sentence: each case is read off query-language.md, not off the program."""
