"""The canary test's helpers: what is planted where, what goes wrong, and the search for it."""
