"""The kill test: runs killed at an effect, resumed, and judged from outside."""
