"""How long the server takes for a page of results, warm, without the network: ``python -m bench.pages``."""

import random
import time

import numpy as np

from bench.measure import RESULTS, percentiles, write
from bench.product import start_django

ZIPS = ("92101", "10001", "60601", "77002", "85004", "98101", "33130", "80202", "30303", "97201")
NEEDS = ("trauma", "substance_use", "shelter", "sexual_abuse", "mental_health")
ASKED = 100
ROUNDS = 5


def main() -> None:
    start_django()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from entero.directory.find_help.answers import Answers
    from entero.directory.find_help.journey import sealed
    from entero.directory.places.finder import of_zip
    from entero.directory.vocabulary.terms import terms

    settings.ALLOWED_HOSTS = ["testserver"]
    chance, client, place = random.Random(1), Client(), reverse("directory:results")
    needs = [need for need in NEEDS if need in terms()]
    told = [
        Answers(
            who=chance.choice(("me", "other")),
            place=of_zip(chance.choice(ZIPS)),
            needs=tuple(chance.sample(needs, chance.choice((1, 2)))),
            age=chance.choice((14, 15, 16, 17, 19, 25, 40)),
            gender=chance.choice(("boy", "man", "")),
            languages=chance.choice(((), ("es",))),
        )
        for _ in range(ASKED)
    ]
    states = [sealed(answers) for answers in told]
    took, used = np.empty((ROUNDS, ASKED)), np.empty((ROUNDS, ASKED))
    for number in range(ROUNDS):
        for at, state in enumerate(states):
            begun, cpu = time.perf_counter(), time.process_time()
            response = client.post(place, {"state": state})
            took[number, at] = (time.perf_counter() - begun) * 1e3
            used[number, at] = (time.process_time() - cpu) * 1e3
            if response.status_code != 200:
                raise SystemExit(f"the page of results answers {response.status_code}")
    result = percentiles(took[1:].min(axis=0)) | {"bytes": len(response.content)}
    result["cpu_ms"] = float(np.median(used[1:]))
    write(RESULTS / "product-page.json", result)
    print(
        f"Results page: median {result['p50']:.1f} ms, p95 {result['p95']:.1f} ms on the server "
        f"(CPU {result['cpu_ms']:.1f} ms)."
    )


if __name__ == "__main__":
    main()
