"""Which findings did somebody decide not to hear of?"""

from pathlib import Path

import pytest

from alsoread.diagnostics import Diagnostic
from alsoread.news.ignores import Ignore, ignores_in, without_ignored
from judging import judged, of, story, where
from sites import Site


def test_a_comment_names_codes_and_a_reason() -> None:
    front = "title: a\n# alsoread: ignore=AR701,AR118 our own  reporting \ntags: [b]  # alsoread:ignore = AR303 new\n"
    assert ignores_in(front, 2) == (
        Ignore("AR701", "our own  reporting", 3, 20),
        Ignore("AR118", "our own  reporting", 3, 26),
        Ignore("AR303", "new", 4, 32),
    )
    assert ignores_in("title: a # nothing for us\n", 1) == ()


def test_what_is_ignored_is_left_out_and_an_error_never_is() -> None:
    warning, error = Diagnostic("a.md", 1, 1, "AR118", "m"), Diagnostic("a.md", 1, 1, "AR112", "m")
    elsewhere = Diagnostic("b.md", 1, 1, "AR118", "m")
    ignores = {"a.md": (Ignore("AR118", "why", 1, 1), Ignore("AR112", "why", 1, 1))}
    left, used = without_ignored([warning, error, elsewhere], ignores, {})
    assert left == [error, elsewhere]
    assert used == {("a.md", "AR118")}
    left, used = without_ignored([warning, error, elsewhere], {}, {"*": ("AR118", "AR112")})
    assert left == [error]
    assert used == {("*", "AR118")}


def test_a_decision_without_a_reason_is_none(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {"a.md": story(fields="tags: []\n# alsoread: ignore=AR118\n")})
    assert [
        (finding.code, finding.line, finding.column) for finding in verdict.findings if finding.code != "AR701"
    ] == [
        ("AR118", 4, 1),
        ("AR802", 5, 20),
    ]
    assert of(verdict, "AR802")[0].hint.startswith("# alsoread: ignore=AR118 ")


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("ignore=AR118 a reason", None),
        ("ignore=AR303 a reason", "AR801"),
        ("ignore=AR999 a reason", "AR802"),
        ("ignore=AR112 a reason", "AR802"),
        ("ignore=", None),
    ],
)
def test_a_decision_is_judged_itself(tmp_path: Path, comment: str, code: str | None) -> None:
    verdict = judged(tmp_path, {"a.md": story(fields=f"tags: []\n# alsoread: {comment}\n")})
    assert [finding.code for finding in verdict.findings if finding.code.startswith("AR8")] == ([code] if code else [])
    assert bool(of(verdict, "AR118")) == ("AR118" not in comment)


def test_a_setting_ignores_by_pattern_and_is_judged_too(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "old/a.md": story(fields="tags: []\n"),
        "b.md": story(fields="tags: []", title="B"),
    }
    verdict = judged(tmp_path, files, ALSOREAD_IGNORE={"old/*": ["AR118", "AR302"], "*": ["AR112", "ARX"]})
    assert where(verdict, "AR118") == [("b.md", 4, 1)]
    told = [(finding.path, finding.code, finding.message) for finding in verdict.findings if finding.code[2] == "8"]
    assert [(path, code) for path, code, _ in told] == [
        ("pelicanconf.py", code) for code in ("AR801", "AR802", "AR802")
    ]
    assert "AR302" in told[0][2]


def test_a_build_goes_by_the_same_decisions(site: Site) -> None:
    site.conf(ALSOREAD_IGNORE={"b.md": ["AR118"]})
    site.story("b", tags=[])
    site.write("content/a.md", "---\n# alsoread: ignore=AR118 none fits\ntitle: A\ndate: 2025-01-01\n---\n\nText.\n")
    assert site.build().codes == []
    site.conf()
    assert site.build().codes == ["AR118"]
    assert site.build().codes == ["AR118"], "what is known from the store says the same"
