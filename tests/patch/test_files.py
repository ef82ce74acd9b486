"""Several files at once, and finding the file a patch means."""

import pytest

from bookiter.patch import FilePatch, PatchRefused, apply_files, apply_patch, read_reply, resolve_path

FILES = {
    "prose/chapter-1.md": "It rained.\n\nNobody came.\n",
    "prose/chapter-2.md": "It snowed.\n\nEverybody came.\n",
    "notes/chapter-2.md": "Snow.\n",
}


def _patch(old: str, new: str) -> FilePatch:
    return FilePatch(old, new, ())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a/prose/chapter-1.md", "prose/chapter-1.md"),
        ("prose/chapter-1.md", "prose/chapter-1.md"),
        ("./prose/chapter-1.md", "prose/chapter-1.md"),
        ("a/a/prose/chapter-1.md", "prose/chapter-1.md"),
        ("chapter-1.md", "prose/chapter-1.md"),
        ("manuscript/chapter-1.md", "prose/chapter-1.md"),
        ("b/notes/chapter-2.md", "notes/chapter-2.md"),
    ],
)
def test_a_name_is_resolved_among_the_allowed_files(written: str, meant: str) -> None:
    assert resolve_path(_patch(written, written), FILES) == meant


@pytest.mark.parametrize(
    "written",
    [
        "chapter-2.md",
        "chapter-3.md",
        "PROSE/CHAPTER-1.MD",
        "/prose/chapter-1.md",
        "../prose/chapter-1.md",
        "prose/../../x.md",
        ".git/config",
        "prose\\chapter-1.md",
        "",
        "original",
    ],
)
def test_a_name_that_fits_no_file_or_several_is_refused(written: str) -> None:
    with pytest.raises(PatchRefused):
        resolve_path(_patch(written, written), FILES)


def test_a_folder_that_is_called_a_is_not_taken_for_a_prefix() -> None:
    assert resolve_path(_patch("a/one.md", "a/one.md"), {"a/one.md", "b/one.md"}) == "a/one.md"


def test_a_nameless_diff_is_for_the_only_file() -> None:
    done = apply_files({"only.md": "one\n"}, "@@ @@\n-one\n+two\n")
    assert {name: applied.text for name, applied in done.items()} == {"only.md": "two\n"}


def test_several_files_are_changed_together() -> None:
    reply = (
        "--- a/prose/chapter-1.md\n+++ b/prose/chapter-1.md\n@@ @@\n-It rained.\n+It poured.\n"
        "--- a/prose/chapter-2.md\n+++ b/prose/chapter-2.md\n@@ @@\n-It snowed.\n+It hailed.\n"
        "--- a/prose/chapter-1.md\n+++ b/prose/chapter-1.md\n@@ @@\n-Nobody came.\n+Few came.\n"
    )
    done = apply_files(FILES, reply)
    assert done.keys() == {"prose/chapter-1.md", "prose/chapter-2.md"}
    assert done["prose/chapter-1.md"].text == "It poured.\n\nFew came.\n"
    assert done["prose/chapter-2.md"].text == "It hailed.\n\nEverybody came.\n"
    assert done["prose/chapter-1.md"].diff.startswith("--- a/prose/chapter-1.md\n")


def test_one_bad_hunk_in_one_file_stops_all_files() -> None:
    reply = (
        "--- a/prose/chapter-1.md\n+++ b/prose/chapter-1.md\n@@ @@\n-It rained.\n+It poured.\n"
        "--- a/prose/chapter-2.md\n+++ b/prose/chapter-2.md\n@@ @@\n-The sun shone.\n+The moon shone.\n"
    )
    with pytest.raises(PatchRefused) as caught:
        apply_files(FILES, reply)
    assert [(finding.path, finding.hunk) for finding in caught.value.findings] == [("prose/chapter-2.md", 1)]


def test_text_of_one_file_is_never_looked_for_in_another() -> None:
    reply = "--- a/prose/chapter-1.md\n+++ b/prose/chapter-1.md\n@@ @@\n-It snowed.\n+It hailed.\n"
    with pytest.raises(PatchRefused):
        apply_files(FILES, reply)


def test_a_reply_undone_gives_the_text_before() -> None:
    reply = "--- a/prose/chapter-1.md\n+++ b/prose/chapter-1.md\n@@ @@\n-It hailed.\n+It rained.\n"
    assert apply_files(FILES, reply, reverse=True)["prose/chapter-1.md"].text == "It hailed.\n\nNobody came.\n"


def test_the_name_of_the_text_stands_in_the_canonical_diff() -> None:
    result = apply_patch("one\n", "@@ @@\n-one\n+two\n", path="prose/one.md")
    assert result.diff == "--- a/prose/one.md\n+++ b/prose/one.md\n@@ -1 +1 @@\n-one\n+two\n"


def test_a_reply_is_read_into_files_with_the_names_as_written() -> None:
    patches = read_reply('--- "a/two words.md"\t2024-01-01 10:00:00\n+++ b/two words.md\t\n@@ -1 +1 @@\n-a\n+b\n')
    assert [(patch.old_name, patch.new_name) for patch in patches] == [("a/two words.md", "b/two words.md")]
    assert patches[0].hunks[0].rows == ("-a", "+b")


def test_placed_hunks_say_how_and_where() -> None:
    result = apply_patch("one\n\n“two”\n\nthree words here.\n", '@@ @@\n-"two"\n+"three"\n')
    assert [(hunk.tier, hunk.line) for hunk in result.hunks] == [("folded", 3)]
    assert "hunk header without numbers" in result.repairs
    assert result.text == "one\n\n“three”\n\nthree words here.\n"
