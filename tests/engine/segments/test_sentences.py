from __future__ import annotations

from engine import columns as c
from engine.phrases import Phrase
from engine.segments.sentences import CHANCE, NO_GAPS, NO_GROUPS, caveats, describe, describe_all, no_groups

PROFILE = {c.FREQUENCY: 9.0, c.RECENCY_DAYS: 12.0, c.MONETARY: 1_893.4}


def test_a_segment_in_one_sentence() -> None:
    assert str(describe(412, 0.094, 0.483, PROFILE, "GBP")) == (
        "412 customers (9% of people, 48% of money): typically 9 orders, the last one 12 days ago, £1,890 in all."
    )


def test_one_of_each() -> None:
    profile = {c.FREQUENCY: 1.0, c.RECENCY_DAYS: 1.0, c.MONETARY: 16.9}
    assert str(describe(1, 0.004, 0.0, profile, None)) == (
        "1 customer (under 1% of people, 0% of money): typically 1 order, the last one 1 day ago, 16.90 in all."
    )


def test_everyone_in_one_sentence() -> None:
    assert str(describe_all(12, PROFILE, "CNY", None)) == (
        "12 customers: typically 9 orders, the last one 12 days ago, ¥1,890 in all."
    )
    assert str(describe_all(12, PROFILE, "CNY", CHANCE)).endswith(
        "¥1,890 in all. With fewer than 20 customers, groups would be chance."
    )


def test_how_far_the_borders_can_be_trusted() -> None:
    quality = {"agreement": 0.83, "silhouette": 0.25, "prediction_strength": {"3": 0.82, "4": 0.68}}
    told = [str(line) for line in caveats(3, chosen=True, n_without=2, quality=quality)]
    assert told == [
        "These descriptions fit 83% of your customers; for the others, go by the list of each group.",
        "You can rely on these groups: when they were found again with half of your customers, people of one group "
        "stayed together at least 82% of the time. With 4 groups it was only 68%, so there are not more.",
        "The groups shade into one another: near a border, a customer could be in either.",
        "2 customers have not ordered yet and are in no group.",
    ]
    forced = [str(line) for line in caveats(4, chosen=False, n_without=0, quality=quality)]
    assert forced[1] == (
        "Do not rely on 4 groups: when they were found again with half of your customers, people of one group stayed "
        "together only 68% of the time."
    )
    assert caveats(1, chosen=True, n_without=0, quality={}) == ()


def test_groups_that_are_clear_need_no_warning() -> None:
    quality = {"agreement": 1.0, "silhouette": 0.8, "prediction_strength": {"2": 1.0}}
    assert len(caveats(2, chosen=False, n_without=0, quality=quality)) == 1
    assert len(caveats(2, chosen=True, n_without=0, quality=quality)) == 2
    # a method that measures nothing of its own
    assert len(caveats(2, chosen=True, n_without=0, quality={"agreement": 1.0})) == 1


def test_a_number_that_fits_best_is_not_called_reliable_when_groups_do_not_come_back() -> None:
    quality = {
        "agreement": 1.0,
        "silhouette": 0.6,
        "prediction_strength": {"5": 0.63, "6": 0.5},
        "weights": {"1": 0.01, "5": 0.5, "6": 0.3, "7": 0.1},
        "stability": {"a": 0.9, "b": 0.45},
    }
    names = {"a": Phrase("Regulars"), "b": Phrase("One-time buyers")}
    told = [str(line) for line in caveats(5, chosen=True, n_without=0, quality=quality, names=names)]
    assert told[1:] == [
        "5 groups describe your customers best, but their borders move: when they were found again with half of your "
        "customers, people of one group stayed together only 63% of the time.",
        "6 groups would describe them nearly as well.",
        "Rely least on “One-time buyers”: when customers were drawn anew, less than 60% of such a group came back.",
    ]
    quality["weights"] = {"1": 0.4, "5": 0.6}
    assert "It is nearly as likely that there are no groups at all." in [
        str(line) for line in caveats(5, chosen=True, n_without=0, quality=quality)
    ]


def test_why_there_are_no_groups() -> None:
    assert no_groups({}) == NO_GROUPS
    assert no_groups({"prediction_strength": {"2": 0.7, "3": 0.5}}) == NO_GROUPS
    # halves agree on where to cut a stretched cloud
    assert no_groups({"prediction_strength": {"2": 0.95, "3": 0.5}}) == NO_GAPS


def told_of(k: int, chosen: bool = True, **quality: object) -> str:
    return " ".join(str(line) for line in caveats(k, chosen=chosen, n_without=0, quality=quality))


def test_no_share_of_more_than_everything() -> None:
    told = told_of(3, agreement=1.0, moved=31, kept=1.013)
    assert told.endswith("31 customers near a border count where the rules say; the groups differ as much as before.")
    assert "still explain 98%" in told_of(3, agreement=1.0, moved=31, kept=0.98)


def test_everybody_stayed_together_is_said_so() -> None:
    told = told_of(4, prediction_strength={"4": 0.998, "5": 0.6})
    assert "everybody stayed together. With 5 groups it was only 60%" in told
    # what came to nothing was no runner-up
    assert told_of(4, prediction_strength={"4": 1.0, "5": 0.001}).endswith("everybody stayed together.")
    assert told_of(4, prediction_strength={"4": 0.9, "5": 0.0}).endswith("stayed together at least 90% of the time.")


def test_groups_of_which_one_is_gone_do_not_describe_customers_best() -> None:
    for told in (
        told_of(8, prediction_strength={"8": 0.0}),
        told_of(8, prediction_strength={"8": 0.4}, stability={"a": 0.9, "b": 0.0}),
    ):
        assert told.startswith("Take these 8 groups as a rough picture:")
        assert "best" not in told
        assert "0%" not in told.replace("60%", "")
    assert told_of(8, chosen=False, prediction_strength={"8": 0.0}).endswith("one of them did not come back at all.")


def test_quotation_marks_are_not_those_within_them() -> None:
    names = {"a": Phrase("“Music”: answered 4"), "b": Phrase("Regulars")}
    (told,) = caveats(2, chosen=True, n_without=0, quality={"stability": {"a": 0.1, "b": 0.2}}, names=names)
    assert str(told).startswith("Rely least on ‘“Music”: answered 4’, “Regulars”:")
