"""A re-typed text is folded onto the original: words are taken over, typing is not."""

import pytest

from bookiter.patch import adopt

ORIGINAL = (
    "\ufeff# Quay\r\n\r\n“It’s late,” said Oda — “very late.”  \r\nShe rose.\r\n\r\n"
    "The rain fell on the roofs and\r\nnever once let up.\r\n\r\nMr.\u00a0Lund slept."
)


TYPED = (
    '# Quay\n\n"It\'s late," said Oda - "very late."\nShe rose.\n\n'
    "The rain fell on the roofs and never once let up.\n\nMr. Lund slept.\n"
)


def test_a_text_typed_anew_without_a_change_is_the_original() -> None:
    typed = TYPED
    assert adopt(ORIGINAL, typed) == ORIGINAL


def test_a_changed_word_changes_one_word() -> None:
    typed = TYPED.replace("roofs", "sheds")
    assert adopt(ORIGINAL, typed) == ORIGINAL.replace("roofs", "sheds")


def test_a_new_paragraph_takes_the_manners_of_the_file() -> None:
    typed = TYPED.replace("She rose.\n", 'She rose.\n\n"Don\'t go," he said.\n')
    wanted = ORIGINAL.replace("She rose.\r\n\r\n", "She rose.\r\n\r\n“Don’t go,” he said.\r\n\r\n")
    assert adopt(ORIGINAL, typed) == wanted


def test_a_removed_paragraph_goes_with_its_blank_line() -> None:
    assert adopt("One.\n\nTwo.\n\nThree.\n", "One.\n\nThree.\n") == "One.\n\nThree.\n"


def test_a_new_last_paragraph_is_added() -> None:
    assert adopt("One.\n\nTwo.\n", "One.\n\nTwo.\n\nThree.\n") == "One.\n\nTwo.\n\nThree.\n"


def test_a_paragraph_cut_in_two_is_cut_in_two() -> None:
    assert adopt("One came. Two went.\n", "One came.\n\nTwo went.\n") == "One came.\n\nTwo went.\n"


def test_a_change_of_typography_alone_is_not_taken_over() -> None:
    assert adopt("It's late...\n", "It’s late…\n") == "It's late...\n"


@pytest.mark.parametrize("text", ["", "\n", "a", "a\r", "\ufeff", "one\u2028two\n\n\n", "  \n\ta\n"])
def test_a_text_adopts_itself(text: str) -> None:
    assert adopt(text, text) == text


def test_markup_in_new_words_is_left_alone() -> None:
    old = "\t<p>“Come,” he said.</p>\n"
    assert adopt(old, '\t<p>"Come," <i class="x">he</i> said.</p>\n') == '\t<p>“Come,” <i class="x">he</i> said.</p>\n'


def test_a_word_changed_inside_quotation_marks_keeps_the_marks() -> None:
    assert adopt("“Yes,” he said. It’s late.\n", '"No," he said. It\'s later.\n') == "“No,” he said. It’s later.\n"


def test_indents_of_the_typist_are_not_taken_over() -> None:
    old = "<p>\n\t<i>one word</i>\n\t<b>two words</b>\n</p>\n"
    typed = "  <p>\n    <i>one word</i>\n     <b>three words</b>\n      <u>four</u>\n  </p>\n"
    assert adopt(old, typed).startswith("<p>\n\t<i>one word</i>\n\t<b>three words</b>\n")
