"""Has the authoriser judge tokens from its layers alone; smoke.py starts it in a bare interpreter.

Prints one JSON object; the time is of the processor.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import cryptography
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

import app
from chalicelib import bootstrap

_ARN = "arn:aws:execute-api:region:account:api/stage/GET/me"
_EC = ec.generate_private_key(ec.SECP256R1())
_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def main() -> None:
    """Judge a token of each algorithm that is taken and one that nobody signed; whatever fails ends in a traceback."""
    imported_s = time.process_time()
    bootstrap.signing_keys = _jwks
    _require(_judged("ES256", _EC), "Allow")
    _require(_judged("RS256", _RSA), "Allow")
    _require(_judged("none", None), "Deny")
    loaded_from = [str(module.__file__) for module in (app, cryptography, jwt)]
    print(json.dumps({"import_s": round(imported_s, 2), "loaded_from": loaded_from}))


def _judged(algorithm: str, key: Any) -> str:
    """What the authoriser makes of a token that is signed so."""
    token = jwt.encode(_claims(), key, algorithm=algorithm, headers={"kid": algorithm})
    answer = app.authorise({"type": "TOKEN", "authorizationToken": f"Bearer {token}", "methodArn": _ARN}, {})
    return str(answer["policyDocument"]["Statement"][0]["Effect"])


def _require(judged: str, wanted: str) -> None:
    if judged != wanted:
        raise ValueError(f"judged {judged!r}, not {wanted!r}")


def _claims() -> dict[str, Any]:
    return {"sub": "probe", "iss": "none", "aud": "none", "exp": datetime.now(UTC) + timedelta(minutes=1)}


def _jwks() -> bytes:
    keys = {
        "ES256": ECAlgorithm.to_jwk(_EC.public_key(), as_dict=True),
        "RS256": RSAAlgorithm.to_jwk(_RSA.public_key(), as_dict=True),
    }
    return json.dumps({"keys": [{**key, "kid": name, "alg": name} for name, key in keys.items()]}).encode()


if __name__ == "__main__":
    main()
