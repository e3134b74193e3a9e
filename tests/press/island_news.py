"""Eight short articles of an island that does not exist, for sites that need articles and do not mind which."""

from trial import Trial

ARTICLES = {
    "ferry-repaired": {
        "title": "Ferry back after repairs",
        "date": "2023-11-03 08:15",
        "category": "Harbour",
        "tags": "ferry, repairs",
        "body": "The *Tern* sails again. Her **new propeller** came by barge.\n\nTickets cost what they did before.",
    },
    "storm-warning": {
        "title": "Storm warning for the weekend",
        "date": "2023-11-17 19:40",
        "category": "Weather",
        "tags": "storms",
        "body": 'Gusts of "up to 40 knots" are expected -- boats should stay in.\n\nThe harbour office opens at six.',
    },
    "school-roof": {
        "title": "School gets a new roof",
        "date": "2024-01-09 12:00",
        "category": "Village",
        "tags": "school, repairs",
        "body": "Slate from the old quarry covers the school.\n\n- forty panels\n- two chimneys\n- one weathercock",
    },
    "seal-count": {
        "title": "Seals counted on the north shore",
        "date": "2024-01-22 07:05",
        "category": "Nature",
        "tags": "seals, counting",
        "body": "Volunteers counted 112 seals.\n\n> More than last year, they say.\n\nNext count in spring.",
    },
    "lighthouse-tours": {
        "title": "Lighthouse opens for tours",
        "date": "2024-02-14 10:30",
        "category": "Village",
        "tags": "lighthouse",
        "body": "The lighthouse may be climbed on Sundays.\n\n1. Buy a ticket\n2. Count the stairs\n3. Look out",
    },
    "cable-laid": {
        "title": "Second cable reaches the island",
        "date": "2024-02-28 16:20",
        "category": "Harbour",
        "tags": "repairs, power",
        "body": "A second cable lies on the sea floor.\n\nIt carries `12 MW`, which is more than anybody needs.",
    },
    "puffins-return": {
        "title": "Puffins return early",
        "date": "2024-04-02 06:45",
        "category": "Nature",
        "tags": "puffins, counting",
        "body": "The first puffins came in on Tuesday's wind.\n\nNobody had expected them before Easter.",
    },
    "bakery-prize": {
        "title": "Bakery wins a prize",
        "date": "2024-04-19 09:00",
        "category": "Village",
        "tags": "bread",
        "body": "The rye bread of the bakery won a *first* prize.\n\nIt will be sold out by nine.",
    },
}


def write_island_news(trial: Trial, **more: str) -> None:
    """All eight articles into the content folder, each with further fields if any are given."""
    for name, fields in ARTICLES.items():
        trial.article(name, **fields, **more)
