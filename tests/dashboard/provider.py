"""A small OpenID Connect provider on this machine: discovery, keys, token and userinfo.

It signs in, without asking, whomever the test names in `person`.
"""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Provider:
    client_id, client_secret = "the-panel", "a secret that only the two know"

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key = self.key
        self.person: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.answer: dict[str, str] = {}
        self.asked: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def app(self) -> dict[str, Any]:
        """As the site's settings name it."""
        return {
            "provider_id": "council",
            "name": "your council account",
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.address, "oauth_pkce_enabled": True},
        }

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorise(self, asked: dict[str, str]) -> str:
        """Back to the site, with a code, or with what the test wants answered."""
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        given = self.answer or {"code": code}
        return f"{asked['redirect_uri']}?{urlencode({**given, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> dict[str, Any] | None:
        """None where the site is not who it says, or has not the verifier of its question."""
        began = self.asked.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            began is None
            or asked.get("client_secret") != self.client_secret
            or began["code_challenge"] != challenge
            or began["redirect_uri"] != asked.get("redirect_uri")
        ):
            return None
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": self.client_id, "iat": now, "exp": now + 60,
            **self.person, **self.claims,
        }  # fmt: skip
        signed = jwt.encode(claims, self.signing_key, "RS256", headers={"kid": "one"})
        return {"access_token": "open", "token_type": "Bearer", "id_token": signed}

    def _handler(provider) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorise(asked))
                    self.end_headers()
                    return
                pages = {
                    "/.well-known/openid-configuration": provider.discovery(),
                    "/keys": provider.keys(),
                    "/userinfo": provider.person,
                }
                self.say(pages.get(parts.path))

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked = {name: values[0] for name, values in parse_qs(sent).items()}
                self.say(provider.token(asked))

            def say(self, page: dict[str, Any] | None) -> None:
                body = json.dumps(page or {"error": "invalid_request"}).encode()
                self.send_response(200 if page else 400)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        return Handler
