"""The mutation check: what is changed, what no case notices, and the case that would."""
