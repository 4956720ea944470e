"""What travels: the bytes of a page of results, and of the first visit with all it loads."""

from dataclasses import dataclass
from html.parser import HTMLParser

from tests.bench.tablet import Tablet


@dataclass(frozen=True)
class Weight:
    name: str
    requests: int
    raw: int
    sent: int
    goal: str


class Loads(HTMLParser):
    """What a browser fetches for a page without being asked, pictures apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.files: dict[str, None] = {}
        self.pictures: dict[str, None] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and "src" in values:
            self.files[values["src"]] = None
        if tag == "link" and values.get("rel") in ("stylesheet", "icon", "manifest"):
            self.files[values["href"]] = None
        if tag == "img":
            self.pictures[values["src"]] = None


def weights(tablet: Tablet) -> list[Weight]:
    page = tablet.get("/sell/", htmx=False)
    loads = Loads(page.text)
    return [
        _weight(tablet, "a page of results", ["/items/?q=tr"], "raw ≤ 7,000, sent ≤ 1,200"),
        _weight(tablet, "the selling screen alone (a later visit)", ["/sell/"], "sent ≤ 10,000"),
        _weight(
            tablet,
            "with its styles, scripts and icons (the first visit)",
            ["/sell/", *loads.files],
            "≤ 6 requests, sent ≤ 60,000",
        ),
        _weight(tablet, "its pictures", list(loads.pictures), ""),
    ]


def _weight(tablet: Tablet, name: str, paths: list[str], goal: str) -> Weight:
    answers = [tablet.get(path, htmx=path.startswith("/items/?")) for path in paths]
    wrong = [path for path, answer in zip(paths, answers, strict=True) if answer.status != 200]
    if wrong:
        raise RuntimeError(f"{wrong[0]} did not come")
    return Weight(
        name,
        len(answers),
        raw=sum(len(answer.body) for answer in answers),
        sent=sum(len(answer.sent) for answer in answers),
        goal=goal,
    )
