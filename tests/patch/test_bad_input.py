"""Input no model should send: each is refused with a reason, or is a diff that changes nothing."""

import json

import pytest

from bookiter.errors import Refused
from bookiter.patch import PatchRefused, apply_files, apply_patch

TEXT = "One.\n\nTwo.\n\nThree.\n"


def _refused(reply: str, text: str = TEXT) -> PatchRefused:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply)
    return caught.value


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("x" * 30_000_000, "too_big"),
        ("@@ @@\n-" + "long " * 300_000 + "\n+x\n", "too_big"),
        ("".join(f"@@ -{n} +{n} @@\n-x{n}\n+y{n}\n" for n in range(100_000)), "too_big"),
        ("@@ @@\n" + "-x\n+y\n" * 300_000, "too_big"),
        ("@@ @@\n-One.\0\n+Two.\n", "unsafe"),
        ("@@ @@\n-One.\ud800\n+Two.\n", "unsafe"),
        ("", "no_diff"),
        ("\n\n", "no_diff"),
        ("```diff\n```\n", "no_diff"),
        ("--- a/other.md\n+++ b/other.md\n@@ -1 +1 @@\n-Some other text.\n+Another one.\n", "not_found"),
    ],
    ids=[
        "50 MB",
        "one long line",
        "hunks",
        "rows",
        "nul",
        "surrogate",
        "empty",
        "blank",
        "empty fence",
        "foreign",
    ],
)
def test_a_reply_that_cannot_be_meant_is_refused_with_a_reason(reply: str, reason: str) -> None:
    refused = _refused(reply)
    assert [finding.reason for finding in refused.findings] == [reason]
    assert len(refused.message) < 300
    json.dumps(refused.details)


def test_a_header_without_rows_is_no_diff_and_no_list_of_rows() -> None:
    assert _refused("--- a/x\n+++ b/x\n").findings[0].reason in ("no_diff", "not_found", "no_anchor")


@pytest.mark.parametrize("text", ["One.\0\n", "One.\ud800\n"])
def test_a_file_that_is_no_text_is_refused(text: str) -> None:
    assert _refused("@@ @@\n-One.\n+Two.\n", text).findings[0].reason == "unsafe"


@pytest.mark.parametrize("reply", ["@@ -1 +1 @@\n-One.\n+One.\n", "@@ -1,3 +1,3 @@\n One.\n \n Two.\n"])
def test_a_diff_that_changes_nothing_is_applied_and_changes_nothing(reply: str) -> None:
    result = apply_patch(TEXT, reply)
    assert (result.text, result.diff, result.changed, result.hunks) == (TEXT, "", False, ())


def test_a_hundred_hunks_that_are_nowhere_are_all_reported_and_the_explanation_stays_short() -> None:
    refused = _refused("".join(f"@@ @@\n-Nothing {n} here.\n+x\n" for n in range(100)))
    assert [finding.hunk for finding in refused.findings] == list(range(1, 101))
    assert len(refused.explanation()) < 4200


def test_blank_lines_in_masses_are_refused_and_not_pondered() -> None:
    reply = "@@ @@\n x y\n" + "\n" * 60 + "+new\n" + "\n" * 70 + " y z\n"
    assert _refused(reply, "x y\n" + "\n" * 100 + "y z\n").findings[0].reason == "contradiction"


def test_a_refusal_is_an_expected_failure_of_the_project() -> None:
    refused = _refused("@@ @@\n-Four.\n+Five.\n")
    assert isinstance(refused, Refused)
    assert refused.exit_code == 4
    assert refused.details["status"] == "refused"


def test_a_refusal_shows_the_nearest_passage_and_the_first_difference() -> None:
    refused = _refused(
        "@@ @@\n-The cat sat on the mat.\n+The cat lay on the mat.\n", "A dog.\n\nThe cat sat on the bed.\n"
    )
    finding = refused.findings[0]
    assert (finding.nearest, finding.line, finding.column) == ("The cat sat on the bed.", 3, 20)
    assert "nearest, line 3, first difference at column 20: The cat sat on the bed." in refused.explanation()


def test_a_refusal_lists_the_places_of_an_ambiguous_hunk() -> None:
    refused = _refused("@@ @@\n-One.\n+Uno.\n", "One.\n\nOne.\n")
    assert refused.findings[0].places == (1, 3)
    assert "lines 1, 3" in refused.explanation()


def test_what_all_files_have_already_is_a_status_of_its_own() -> None:
    with pytest.raises(PatchRefused) as caught:
        apply_files({"x.md": "New words here.\n"}, "--- x.md\n+++ x.md\n@@ @@\n-Old words here.\n+New words here.\n")
    assert caught.value.status == "already_applied"


@pytest.mark.parametrize(("old", "new"), [("[(", "(["), (". ", ". ."), ("(rest ", "(rest "), ("… ", "…(")])
def test_rows_of_what_might_stand_for_text_left_out_end_soon(old: str, new: str) -> None:
    reply = (
        f"@@ ... @@\n-{old * 200_000}\n+{new * 200_000} unchanged rest\n"  # looked at pair by pair it would take hours
    )
    with pytest.raises(PatchRefused):
        apply_patch("The sea was calm.\n\nNobody came.\n", reply)
