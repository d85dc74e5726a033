"""E-mail: how a message is written (headers, text, HTML) and how it is handed to a server."""
