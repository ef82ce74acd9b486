"""The canonical diff: its exact form, and that large texts cost little."""

import pytest

from bookiter.patch import unified_diff


def test_equal_texts_have_no_diff() -> None:
    assert unified_diff("x", "a\n", "a\n") == ""


def test_a_change_has_three_lines_of_context() -> None:
    old = "".join(f"line {number}\n" for number in range(1, 12))
    diff = unified_diff("dir/x.md", old, old.replace("line 6\n", "line six\n"))
    assert diff == (
        "--- a/dir/x.md\n+++ b/dir/x.md\n@@ -3,7 +3,7 @@\n line 3\n line 4\n line 5\n-line 6\n+line six\n"
        " line 7\n line 8\n line 9\n"
    )


def test_changes_far_apart_are_hunks_of_their_own_and_near_ones_are_joined() -> None:
    old = "".join(f"{number}\n" for number in range(30))
    far = unified_diff("x", old, old.replace("\n2\n", "\ntwo\n").replace("\n25\n", "\n25!\n"))
    near = unified_diff("x", old, old.replace("\n2\n", "\ntwo\n").replace("\n9\n", "\n9!\n"))
    assert (far.count("@@ -"), near.count("@@ -")) == (2, 1)


def test_context_can_be_left_out() -> None:
    assert unified_diff("x", "a\nb\nc\n", "a\nB\nc\n", context=0).split("\n")[2:5] == ["@@ -2 +2 @@", "-b", "+B"]


def test_a_missing_final_newline_is_marked_on_its_side() -> None:
    assert unified_diff("x", "a", "a\n").endswith("-a\n\\ No newline at end of file\n+a\n")
    assert unified_diff("x", "a\n", "a").endswith("-a\n+a\n\\ No newline at end of file\n")


def test_a_new_text_and_an_emptied_one() -> None:
    assert "@@ -0,0 +1 @@\n+a\n" in unified_diff("x", "", "a\n")
    assert "@@ -1 +0,0 @@\n-a\n" in unified_diff("x", "a\n", "")


def test_carriage_returns_and_byte_order_marks_stay_in_their_lines() -> None:
    assert unified_diff("x", "\ufeffa\r\n", "\ufeffb\r\n").endswith("-\ufeffa\r\n+\ufeffb\r\n")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("plain.md", "--- a/plain.md\n"),
        ("two words.md", "--- a/two words.md\t\n"),
        ("é.md", "--- a/é.md\n"),
        ('q".md', '--- "a/q\\".md"\n'),
        ("back\\slash.md", '--- "a/back\\\\slash.md"\n'),
        ("tab\t.md", '--- "a/tab\\t.md"\n'),
        ("bell\x07 \x01.md", '--- "a/bell\\a \\001.md"\n'),
    ],
)
def test_names_are_quoted_as_git_needs_them(name: str, header: str) -> None:
    assert unified_diff(name, "a\n", "b\n").startswith(header)


def test_a_moved_line_among_many_equal_ones_gives_a_diff_of_the_same_texts() -> None:
    old, new = "a\nb\n" * 900, "b\na\n" * 900
    lines = unified_diff("x", old, new).split("\n")[2:]
    back = [line[1:] for line in lines if line[:1] in (" ", "+") and line]
    assert set(back) == {"a", "b"}
    assert sum(line[:1] == "+" for line in lines) - sum(line[:1] == "-" for line in lines) == 0
