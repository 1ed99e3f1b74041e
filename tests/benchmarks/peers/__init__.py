"""Peers: the question of usage-limit put to other engines, side by side with ours."""
