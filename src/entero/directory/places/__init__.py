"""Where somebody is, found without asking anybody outside: ZIP codes, places, states, maps."""
