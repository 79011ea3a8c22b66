"""Lines to call, text or chat, found by place and never by language."""
