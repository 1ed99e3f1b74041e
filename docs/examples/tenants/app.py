"""Delivery fees of several shops: one decision, and numbers of its own for each shop."""

from flask import Flask, g, request

from criterion import Decision
from criterion.http import Refusal, Request
from criterion_flask import Criterion, decision_blueprint

SHOPS = {"key-of-acme": "acme", "key-of-umbrella": "umbrella"}


def find_shop() -> None:
    """Note whose key it is; an application of your own asks its database."""
    g.shop = SHOPS.get(request.headers.get("X-Api-Key", ""))


def profile_of_shop(_: Request, __: Decision) -> str | Refusal:
    """Return the name of the profile of the shop that asks."""
    if g.shop is None:
        return Refusal(code="shop_unknown", detail="send your key as `X-Api-Key`", status=401)
    return g.shop


def create_app() -> Flask:
    """Return the application."""
    app = Flask(__name__)
    app.before_request(find_shop)
    app.config["CRITERION_PROFILES"] = {"delivery-fee": profile_of_shop}
    Criterion(app)
    app.register_blueprint(decision_blueprint(), url_prefix="/decisions")
    return app
