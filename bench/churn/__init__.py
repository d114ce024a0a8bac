"""Accuracy under churn: hundreds of people come, go, hide and lose the network by a seeded script.

Beside it runs a model of the truth, written from docs/presence.md and not from the code: it says what every
viewer should have known.
"""
