"""The one rule by which tokens are guessed where nobody has counted them, and what tokens cost.

Four characters a token is the usual figure for English prose; real tokenizers need the network or heavy packages.
"""

from collections.abc import Mapping

from bookiter.llm.interface import Request, canonical_json

CHARACTERS_PER_TOKEN = 4

Prices = Mapping[str, tuple[float, float]]
"""Model name to (price of a million tokens in, price of a million tokens out)."""


def tokens(text: str) -> int:
    """Guess how many tokens a text has: its characters divided by four, rounded up."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def request_tokens(request: Request) -> int:
    """Guess how many tokens a request sends, its schema included."""
    schema = "" if request.schema is None else canonical_json(request.schema)
    return tokens("".join(message.content for message in request.messages) + schema)


def cost(prices: Prices, model: str, prompt_tokens: int, completion_tokens: int) -> float | None:
    """Price some tokens of a model; None when the model has no price."""
    if model not in prices:
        return None
    price_in, price_out = prices[model]
    return (prompt_tokens * price_in + completion_tokens * price_out) / 1_000_000
