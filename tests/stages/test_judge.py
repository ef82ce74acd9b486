"""What becomes of a judge's answer: approval is worked out by code, from quotes that are looked up."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bookiter.errors import InvalidInput, LimitReached, ModelFailed
from bookiter.stages.change import Change
from bookiter.stages.documents import Verdict
from bookiter.stages.judge import score
from bookiter.stages.jury import decided
from bookiter.stages.rank import rank
from bookiter.stages.rubric import rubric_for
from support.jurors import LINE, NEW, OLD, PATH, Body, Juror, Jury, context, intent, judged
from support.scripted import STANDING, evidence, objection, vote


def unmet(body: Body, *names: str, said: str = "needs_revision", **more: object) -> Body:
    """An answer that calls some questions unmet."""
    made = vote(body, verdict=said, reasoning="It falls short.", **more)
    for each in made["answers"]:
        if each["id"] in names:
            each |= {"met": False, "evidence": "", "why": "It is not there."}
    for name in set(names) & set(STANDING):
        made["standing"][name] = {"why": "It is not so.", "met": False}
    return made


def invented(body: Body) -> Body:
    made = vote(body)
    made["answers"][1]["evidence"] = "The harbour master laughed at both of them."
    return made


def new_first(body: Body) -> bool:
    return "The NEW text, as it is after the change:" in str(body["messages"][1]["content"])


# --- Approval --------------------------------------------------------------------------------------------------------


def test_two_votes_that_prove_what_they_say_approve(tmp_path: Path) -> None:
    jury = Jury()
    verdict = judged(tmp_path, jury)
    assert (verdict.verdict, verdict.votes, verdict.by, verdict.model) == (
        "approved", ["approved", "approved"], "model", "stand-in",
    )  # fmt: skip
    assert [criterion.id for criterion in verdict.criteria] == ["q1", "q2", "q3", *STANDING]
    assert {criterion.quote for criterion in verdict.criteria[:3]} == {LINE}
    assert (verdict.specific_issues, verdict.suggestions) == ([], [])
    first, second = jury.asked("judge")
    shown = [each.messages[1].content for each in (first, second)]
    assert [text.find("<<<old ") < text.find("<<<new ") for text in shown] == [True, False]
    assert (first.sample, second.sample) == (0, 1)
    assert all(f"+{LINE}" in text for text in shown)


BAD: dict[str, tuple[Juror, str]] = {
    "says needs_revision": (lambda body: vote(body, verdict="needs_revision"), ""),
    "approves with an unmet question": (lambda body: unmet(body, "q2", said="approved"), "did not find everything met"),
    "approves with an unmet standing one": (lambda body: unmet(body, "quality", said="approved"), "everything met: qual"),
    "approves and objects": (
        lambda body: vote(body, objections=[objection("He repeats himself.", quote=evidence(body))]),
        "The judge approved, but objects.",
    ),
    "approves by invented words": (invented, "its evidence is not in the text: “The harbour master"),
    "approves without any words": (
        lambda body: vote(body, answers=[{**each, "evidence": ""} for each in vote(body)["answers"]]),
        "its evidence is not in the text.",
    ),
    "goes by the order": (lambda body: vote(body) if new_first(body) else unmet(body, "q1"), ""),
    "goes by the other order": (lambda body: unmet(body, "q1") if new_first(body) else vote(body), "The votes differ"),
    "objects only with words that are not there": (
        lambda body: vote(
            body, verdict="needs_revision", objections=[objection("It rains.", quote="It rained all day in Thole.")]
        ),
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("votes", [2, 3, 4, 5])
@pytest.mark.parametrize(("juror", "why"), BAD.values(), ids=BAD)
def test_a_bad_judge_never_approves(tmp_path: Path, juror: Juror, why: str, votes: int) -> None:
    verdict = judged(tmp_path, Jury(juror), votes)
    assert verdict.verdict == "needs_revision"
    assert why in verdict.reasoning
    assert not all(vote == "approved" for vote in verdict.votes)


USELESS: dict[str, Juror] = {
    "prose": lambda _: "Looks good to me, approved!",
    "cut": lambda body: json.dumps(vote(body))[:-20],
    "empty": lambda _: "{}",
    "a verdict alone": lambda _: {"verdict": "approved", "reasoning": "Good."},
    "another question": lambda body: vote(body, answers=[{**a, "id": "q9"} for a in vote(body)["answers"]]),
    "a question left out": lambda body: vote(body, answers=vote(body)["answers"][:-1]),
    "a question twice": lambda body: vote(body, answers=[vote(body)["answers"][0]] * 3),
    "met in words": lambda body: vote(body, answers=[{**a, "met": "yes"} for a in vote(body)["answers"]]),
    "an unknown criterion": lambda body: vote(body, objections=[objection("Bad.", criterion="q7")]),
    "another verdict": lambda body: vote(body, verdict="approve"),
    "two verdicts": lambda body: json.dumps(vote(body))[:-1] + ', "verdict": "approved"}',
    "refusal": lambda _: "I’m sorry, but I can’t help with that.",
}


@pytest.mark.parametrize("juror", USELESS.values(), ids=USELESS)
def test_an_answer_that_is_none_is_an_error_and_no_verdict(tmp_path: Path, juror: Juror) -> None:
    jury = Jury(juror)
    with pytest.raises(ModelFailed):
        judged(tmp_path, jury)
    assert len(jury.asked("judge")) == 2


def test_invented_evidence_is_asked_about_once_by_name(tmp_path: Path) -> None:
    answers: Iterator[Juror] = iter([invented, vote, vote])
    jury = Jury(lambda body: next(answers)(body))  # noqa: PLW0108 - another one each time
    assert judged(tmp_path, jury).approved
    again = jury.asked("judge")[1].messages
    assert [message.role for message in again] == ["system", "user", "assistant", "user"]
    assert "q2: “The harbour master laughed at both of them.”" in again[3].content
    assert jury.forgotten == []


def test_invented_evidence_is_not_kept_in_a_cache(tmp_path: Path) -> None:
    jury = Jury(invented)
    verdict = judged(tmp_path, jury)
    assert [c.met for c in verdict.criteria[:3]] == [True, False, True]
    assert len(jury.forgotten) == 2


# --- Quotes ----------------------------------------------------------------------------------------------------------

QUOTES = {
    "as it is": (LINE, True),
    "straight quotes": ('"Then read it to me," said Mr. Orrin.', True),
    "a part of it": ("read it to me", True),
    "with a diff's sign": ("+“Then read it to me,”", True),
    "with a gap": ("“Then read … said Mr. Orrin", True),
    "with a gap in brackets": ("Then read it [...] Mr. Orrin.", True),
    "over two paragraphs": ("“I read once,” said Sarah.\n\n“Then read it to me”", True),
    "parts in another order": ("said Mr. Orrin … Then read", False),
    "of the old text": ("“I read once,” said Sarah.", True),
    "other words": ("“Then sing it to me,” said Mr. Orrin.", False),
    "next to nothing": ("e", False),
    "dots alone": ("…", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("quote", "found"), QUOTES.values(), ids=QUOTES)
def test_a_quote_is_looked_up(tmp_path: Path, quote: str, found: bool) -> None:
    def juror(body: Body) -> Body:
        return vote(body, answers=[{**each, "evidence": quote} for each in vote(body)["answers"]])

    assert judged(tmp_path, Jury(juror), 1).approved is found


def test_a_gap_in_a_quote_does_not_reach_across_the_chapter(tmp_path: Path) -> None:
    def juror(body: Body) -> Body:
        return vote(body, answers=[{**a, "evidence": "Page 0: … Page 80:"} for a in vote(body)["answers"]])

    old, new = long_text("turned", 90), long_text("turned", 90).replace("Page 89: she turned", "Page 89: she closed")
    assert not judged(tmp_path, Jury(juror), 1, new=new, old=old).approved


@pytest.mark.parametrize(("quote", "found"), QUOTES.values(), ids=QUOTES)
def test_an_objection_stands_by_its_quote(tmp_path: Path, quote: str, found: bool) -> None:
    found = found or not quote  # without any, for something is said to be missing
    jury = Jury(lambda body: unmet(body, "q1", objections=[objection("Wrong.", quote=quote)]))
    verdict = judged(tmp_path, jury, 1)
    assert [o.problem for o in verdict.objections] == (["Wrong."] if found else [])
    assert verdict.verdict == "needs_revision"
    assert verdict.specific_issues == (
        [f"Wrong. (“{quote}”)" if quote else "Wrong."]
        if found
        else ["Not met: Is what was asked for there? It is not there."]
    )


def test_an_objection_without_words_about_what_is_met_is_dropped(tmp_path: Path) -> None:
    jury = Jury(lambda body: unmet(body, "q1", objections=[objection("Hm.", criterion="q2")]))
    assert judged(tmp_path, jury, 1).objections == []


# --- Votes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("votes", "wanted", "outcome"),
    [
        ("", 1, None), ("y", 1, True), ("n", 1, False),
        ("y", 2, None), ("n", 2, False), ("yy", 2, True), ("yn", 2, False),
        ("yy", 3, True), ("y", 3, None), ("yn", 3, False), ("n", 3, None), ("ny", 3, None), ("nyy", 3, True), ("nn", 3, False),
        ("yyn", 4, None), ("yynn", 4, False), ("yyny", 4, True),
        ("ynyn", 5, False), ("yyy", 5, True), ("ynynn", 5, False), ("nyny", 5, None), ("nynyy", 5, True),
    ],
)  # fmt: skip
def test_more_than_half_must_approve_and_each_order_once(votes: str, wanted: int, outcome: bool | None) -> None:
    assert decided([each == "y" for each in votes], wanted) is outcome


def test_voting_ends_when_it_is_decided(tmp_path: Path) -> None:
    jury = Jury(lambda body: unmet(body, "q1"))
    verdict = judged(tmp_path, jury, 2)
    assert (len(jury.asked("judge")), verdict.votes) == (1, ["needs_revision"])


def test_objections_of_several_votes_are_told_once(tmp_path: Path) -> None:
    problems = iter(["He repeats himself.", "He says it twice.", "It is late."])
    quotes = iter([LINE, LINE.replace("“", '"').replace("”", '"'), "the last crossing"])

    def juror(body: Body) -> Body:
        return unmet(body, "q1", objections=[objection(next(problems), quote=next(quotes))])

    verdict = judged(tmp_path, Jury(juror), 5)
    assert [o.problem for o in verdict.objections] == ["He repeats himself.", "It is late."]


def test_a_question_is_met_when_most_votes_say_so(tmp_path: Path) -> None:
    answers = iter([("q2",), ("q1", "q2"), ("q2",)])
    verdict = judged(tmp_path, Jury(lambda body: unmet(body, *next(answers))), 5)
    assert [c.met for c in verdict.criteria[:3]] == [True, False, True]


# --- Facts and style -------------------------------------------------------------------------------------------------


def style(problem: str = "Flat.", quote: str = LINE, criterion: str = "q1") -> dict[str, str]:
    return objection(problem, kind="style", criterion=criterion, quote=quote)


def test_style_alone_makes_no_question_unmet_and_no_approval(tmp_path: Path) -> None:
    verdict = judged(tmp_path, Jury(lambda body: unmet(body, "q1", objections=[style()])), 1)
    assert verdict.verdict == "needs_revision"
    assert verdict.criteria[0].met
    assert [(o.criterion, o.kind) for o in verdict.objections] == [("quality", "style")]


def test_a_judge_may_approve_and_still_have_taste(tmp_path: Path) -> None:
    verdict = judged(tmp_path, Jury(lambda body: vote(body, objections=[style(criterion="quality")])), 1)
    assert (verdict.verdict, verdict.specific_issues, len(verdict.objections)) == ("approved", [], 1)


MORE = NEW.replace(" Sarah turned the pages with a spoon.", "") + "\nShe closed the book.\n"


def earlier(tmp_path: Path) -> Verdict:
    """An attempt in which q1 was met by the line that was put in, and q2 was not met."""
    return judged(tmp_path, Jury(lambda body: unmet(body, "q2")), 1)


LATER: dict[str, tuple[Juror, bool]] = {
    "taste about the words that settled it": (lambda body: unmet(body, "q1", objections=[style()]), True),
    "taste about the author's own words": (
        lambda body: unmet(body, "quality", objections=[style(quote="smelled of tar", criterion="quality")]), True,
    ),
    "taste about the author's own words, and nothing unmet": (
        lambda body: vote(
            body, verdict="needs_revision", objections=[style(quote="smelled of tar", criterion="quality")]
        ),
        True,
    ),
    "taste about words that are gone": (
        lambda body: unmet(
            body, "quality", objections=[style(quote="turned the pages with a spoon", criterion="quality")]
        ),
        False,
    ),
    "taste about new words": (
        lambda body: unmet(body, "quality", objections=[style(quote="She closed the book", criterion="quality")]), False,
    ),
    "a fact with words": (lambda body: unmet(body, "q1", objections=[objection("Not him.", quote=LINE)]), False),
    "a fact without words": (lambda body: unmet(body, "q1", objections=[objection("It is missing.")]), False),
    "another question": (lambda body: unmet(body, "q2", objections=[style()]), False),
    "another standing question": (lambda body: unmet(body, "history", objections=[style()]), False),
    "no reason at all": (lambda body: unmet(body, "q1"), False),
    "taste and an invented quote": (
        lambda body: unmet(body, "q1", objections=[style(), objection("No.", quote="nowhere to be seen")]), False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("juror", "approved"), LATER.values(), ids=LATER)
def test_only_taste_about_what_stood_before_is_no_reason(tmp_path: Path, juror: Juror, approved: bool) -> None:
    before = earlier(tmp_path)
    assert judged(tmp_path, Jury(juror), 2, new=MORE, earlier=(before,)).approved is approved
    assert not judged(tmp_path, Jury(juror), 2, new=MORE).approved, "a first attempt has no earlier one"


def test_a_settled_question_is_reopened_by_a_fact_alone(tmp_path: Path) -> None:
    before = earlier(tmp_path)

    def q1(juror: Juror, new: str = MORE) -> bool:
        return judged(tmp_path, Jury(juror), 2, new=new, earlier=(before,)).criteria[0].met

    assert q1(lambda body: unmet(body, "q1"))
    assert q1(lambda body: unmet(body, "q1", objections=[objection("It is missing.")])), "its words are there"
    assert not q1(lambda body: unmet(body, "q1", objections=[objection("Not him.", quote="Mr. Orrin")]))
    assert not q1(lambda body: unmet(body, "q1"), OLD + "\nShe closed the book.\n"), (
        "the words that settled it are gone"
    )


def test_words_that_the_author_had_written_settle_nothing(tmp_path: Path) -> None:
    def by_old_words(body: Body) -> Body:
        made = unmet(body, "q2")
        made["answers"][0]["evidence"] = "The library smelled of tar."
        return made

    before = judged(tmp_path, Jury(by_old_words), 1)
    assert before.criteria[0].met
    later = judged(tmp_path, Jury(lambda body: unmet(body, "q1")), 1, new=MORE, earlier=(before,))
    assert not later.criteria[0].met


def test_writing_that_was_never_found_good_is_not_settled(tmp_path: Path) -> None:
    before = judged(tmp_path, Jury(lambda body: unmet(body, "quality")), 1)
    jury = Jury(lambda body: unmet(body, "quality", objections=[style(quote="smelled of tar", criterion="quality")]))
    assert not judged(tmp_path, jury, 1, new=MORE, earlier=(before,)).approved


def test_a_verdict_by_another_rubric_settles_nothing(tmp_path: Path) -> None:
    before = earlier(tmp_path).model_copy(update={"rubric": "0" * 64})
    jury = Jury(lambda body: unmet(body, "q1", objections=[style()]))
    assert not judged(tmp_path, jury, 2, new=MORE, earlier=(before,)).approved


# --- Long changes ----------------------------------------------------------------------------------------------------


def long_text(word: str, paragraphs: int = 900) -> str:
    return "# The Library\n\n" + "".join(f"Page {n}: she {word} it slowly, as one does.\n\n" for n in range(paragraphs))


def test_no_part_of_a_long_change_goes_unseen(tmp_path: Path) -> None:
    old, new = long_text("turned"), long_text("closed")
    jury = Jury()
    verdict = judged(tmp_path, jury, 2, new=new, old=old)
    assert verdict.approved, verdict.reasoning
    shown = [each.messages[1].content for each in jury.asked("judge")]
    assert len(shown) > 2
    for n in range(900):
        for line in (f"-Page {n}: she turned", f"+Page {n}: she closed"):
            assert sum(line in text for text in shown) == 2, line
    assert all(len(text) < 200_000 for text in shown)


@pytest.mark.parametrize("wrong", [
    lambda body: vote(body, verdict="needs_revision"),
    lambda body: unmet(body, "scope", said="approved"),
    lambda body: vote(body, objections=[objection("Not so.", quote=evidence(body))]),
], ids=["turned down", "a standing question unmet", "an objection"])  # fmt: skip
def test_one_part_in_which_something_is_wrong_is_enough(tmp_path: Path, wrong: Juror) -> None:
    jury = Jury(lambda body: wrong(body) if "Page 899:" in str(body) else vote(body))
    verdict = judged(tmp_path, jury, 1, new=long_text("closed"), old=long_text("turned"))
    assert verdict.verdict == "needs_revision"


def test_what_no_part_shows_is_not_met(tmp_path: Path) -> None:
    def juror(body: Body) -> Body:
        made = unmet(body, "q1", said="approved")
        return made if "Page 0:" in str(body) else {**made, "answers": unmet(body, "q1", "q2")["answers"]}

    verdict = judged(tmp_path, Jury(juror), 1, new=long_text("closed"), old=long_text("turned"))
    assert [c.met for c in verdict.criteria[:3]] == [False, True, True]
    assert verdict.verdict == "needs_revision"


def test_invented_words_in_one_part_are_no_approval_of_the_whole(tmp_path: Path) -> None:
    def juror(body: Body) -> Body:
        return vote(body) if "Page 0:" in str(body) else invented(body)

    verdict = judged(tmp_path, Jury(juror), 1, new=long_text("closed"), old=long_text("turned"))
    assert all(criterion.met for criterion in verdict.criteria)
    assert verdict.verdict == "needs_revision"


def test_a_chapter_that_is_one_long_line_is_seen_in_pieces(tmp_path: Path) -> None:
    old = " ".join(f"word{n}" for n in range(20_000)) + "\n"
    jury = Jury()
    judged(tmp_path, jury, 1, old=old, new=old.replace("word1", "term1"))
    text = "".join(part for each in jury.asked("judge") for part in each.messages[1].content.split("\n+"))
    assert all(f"word{n}" in text for n in (0, 9_999, 19_999))
    assert all(f"term{n}" in text for n in (10_000, 19_998))


# --- The rubric ------------------------------------------------------------------------------------------------------


def test_the_checklist_is_drawn_up_once_and_kept(tmp_path: Path) -> None:
    jury = Jury()
    ctx = context(tmp_path, jury)
    first, again = rubric_for(ctx, intent()), rubric_for(ctx, intent())
    assert first == again
    assert len(jury.requests) == 1
    assert first.hash == judged(tmp_path, jury).rubric
    assert len(jury.asked("checklist")) == 1
    other = rubric_for(ctx, intent(feedback="Make chapter 3 darker"))
    assert len(jury.asked("checklist")) == 2
    assert (other.questions, other.hash) == (first.questions, first.hash)


def test_the_hash_is_of_prompt_questions_and_standing_ones(tmp_path: Path) -> None:
    hashes = {rubric_for(context(tmp_path / "one", Jury()), intent()).hash}
    more = Jury(checklist=lambda: {"questions": ["Is it dark?", "Is it old?", "Is it cold?"]})
    hashes.add(rubric_for(context(tmp_path / "two", more), intent()).hash)
    ctx = context(tmp_path / "three", Jury())
    (tmp_path / "three/prompts").mkdir()
    (tmp_path / "three/prompts/judge.j2").write_text("{% block system %}{% endblock %}{% block user %}{% endblock %}")
    hashes.add(rubric_for(ctx, intent()).hash)
    assert len(hashes) == 3


LISTS = {
    "none": [],
    "two": ["Is it there?", "Is it dark?"],
    "the same three times": ["Is it there?", "Is it  there", "is it there?"],
    "seven": [f"Is it number {n}?" for n in range(7)],
    "endless": ["Is it there?", "Is it dark?", "Is it " + "very " * 100 + "dark?"],
    "blank": ["Is it there?", "Is it dark?", "  "],
}


@pytest.mark.parametrize("questions", LISTS.values(), ids=LISTS)
def test_a_bad_checklist_is_asked_for_again_and_then_fails(tmp_path: Path, questions: list[str]) -> None:
    jury = Jury(checklist=lambda: {"questions": questions})
    with pytest.raises(ModelFailed):
        judged(tmp_path, jury)
    assert len(jury.requests) == 2
    assert not (tmp_path / ".bookiter/runs/20261121-120000-abcdef/rubric.json").exists()


def test_what_is_asked_twice_is_asked_once(tmp_path: Path) -> None:
    jury = Jury(checklist=lambda: {"questions": ["Is it there?", "Is it dark?", "is it there", "Is it  cold?"]})
    assert rubric_for(context(tmp_path, jury), intent()).questions == ["Is it there?", "Is it dark?", "Is it cold?"]


@pytest.mark.parametrize("kept", ['{"questions": [], "hash": ""}', "[]", '{"questions":', '{"questions": "yes"}'])
def test_a_kept_checklist_that_is_none_is_not_judged_by(tmp_path: Path, kept: str) -> None:
    ctx = context(tmp_path, Jury())
    ctx.run.write("rubric.json", kept)
    with pytest.raises(InvalidInput, match=r"rubric\.json"):
        rubric_for(ctx, intent())


def test_an_exact_edit_needs_no_questions(tmp_path: Path) -> None:
    jury = Jury()
    assert rubric_for(context(tmp_path, jury), intent(editor="builtin")).questions == []
    assert jury.requests == []


# --- Comparing -------------------------------------------------------------------------------------------------------


def test_the_score_goes_by_what_counts_most(tmp_path: Path) -> None:
    failed = judged(tmp_path, Jury(), new="\n")
    verdicts = [
        failed,
        judged(tmp_path, Jury(lambda body: unmet(body, "q1", "q2")), 1),
        judged(tmp_path, Jury(lambda body: unmet(body, "q1", "quality")), 1),
        judged(tmp_path, Jury(lambda body: unmet(body, "q1", objections=[objection("No.", quote=LINE)])), 1),
        judged(tmp_path, Jury(lambda body: unmet(body, "q1")), 1),
        judged(tmp_path, Jury(lambda body: unmet(body, "quality", objections=[style(criterion="quality")])), 1),
        judged(tmp_path, Jury(lambda body: unmet(body, "quality")), 1),
        judged(tmp_path, Jury(), 1),
    ]
    assert failed.by == "checks"
    scores = [score(verdict) for verdict in verdicts]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)


def entries(tmp_path: Path, *words: str) -> list[tuple[Change, Verdict]]:
    made = []
    for word in words:
        change = Change.between({PATH: OLD}, {PATH: NEW.replace("read it", word)})
        made.append((change, judged(tmp_path, Jury(), 1, new=change.files[0].after)))
    return made


def prefers(*best: str) -> Juror:
    """A judge that always prefers what comes first in this order."""

    def compare(body: Body) -> Body:
        user = body["messages"][1]["content"]
        first, second = user[: user.find("<<<second ")], user[user.find("<<<second ") :]
        place = [next(i for i, word in enumerate(best) if f"Then {word} to me" in text) for text in (first, second)]
        return {"reasoning": "So it is.", "better": "first" if place[0] < place[1] else "second"}

    return compare


def test_variants_are_ranked_by_the_pairs_they_win(tmp_path: Path) -> None:
    made = entries(tmp_path, "sing it", "hum it", "say it")
    jury = Jury(prefers("say it", "sing it", "hum it"))
    assert rank(context(tmp_path, jury), intent(), made) == [2, 0, 1]
    assert len(jury.requests) == 6


UNDECIDED: dict[str, Juror] = {
    "the first": lambda _: {"reasoning": "The first.", "better": "first"},
    "the second": lambda _: {"reasoning": "The second.", "better": "second"},
    "nonsense": lambda _: "no idea",
    "neither": lambda _: {"reasoning": "Both.", "better": "neither"},
}


@pytest.mark.parametrize("juror", UNDECIDED.values(), ids=UNDECIDED)
def test_a_judge_that_goes_by_order_or_fails_prefers_nothing(tmp_path: Path, juror: Juror) -> None:
    made = entries(tmp_path, "sing it", "hum it", "say it")
    assert rank(context(tmp_path, Jury(juror)), intent(), made) == [0, 1, 2]


def test_what_failed_or_was_turned_down_is_not_compared(tmp_path: Path) -> None:
    made = entries(tmp_path, "sing it", "hum it")
    change = Change.between({PATH: OLD}, {PATH: MORE})
    turned_down = (change, judged(tmp_path, Jury(lambda body: unmet(body, "q1")), 1, new=MORE))
    failed = (change, judged(tmp_path, Jury(), new="\n"))
    jury = Jury(prefers("hum it", "sing it"))
    assert rank(context(tmp_path, jury), intent(), [failed, turned_down, *made]) == [3, 2, 1, 0]
    assert len(jury.requests) == 2


def test_a_limit_ends_the_ranking(tmp_path: Path) -> None:
    def spent(_: Body) -> Body:
        raise LimitReached("no more")

    with pytest.raises(LimitReached):
        rank(context(tmp_path, Jury(spent)), intent(), entries(tmp_path, "sing it", "hum it"))
