"""The load benchmark, small: a shared bot answers everybody once and in turn; and it sees what would be wrong."""

from __future__ import annotations

from benchmarks.load import ANALYSIS, BEHIND, PLAIN, Answered, Asked, Sample, Size, judged, measured, memory_told


def help_(at: float, chat: int = 1) -> Asked:
    return Asked(chat, "/help", PLAIN, at)


def test_a_shared_bot_answers_everybody_once_and_in_turn() -> None:
    found = measured(Size(founders=12, seconds=6.0, a_second=10.0))
    assert found.asked > 30
    assert (found.judged.lost, found.judged.doubled, found.judged.out_of_order) == ([], 0, 0)
    assert sum(map(len, found.judged.seconds.values())) == found.asked
    assert found.faults == 0
    assert found.memory
    assert all(50 < sample.bot <= sample.all for sample in found.memory)
    assert 0 < found.own_seconds <= found.cpu_seconds


def test_what_is_lost_doubled_or_out_of_turn_is_seen() -> None:
    asked = [help_(0.0), Asked(1, "/campaigns", PLAIN, 1.0), help_(2.0, chat=2), help_(3.0, chat=3)]
    answered = [
        Answered(1, "/campaigns", 4.0),  # before what was asked first
        Answered(1, "/help", 5.0),
        Answered(3, "/help", 3.5),
        Answered(3, "/help", 3.6),
    ]
    found = judged(asked, answered)
    assert found.lost == [asked[2]]
    assert (found.doubled, found.out_of_order) == (1, 1)
    assert sorted(found.seconds[PLAIN]) == [0.5, 3.0, 5.0]


def test_who_waits_for_an_analysis_of_their_own_is_told_apart() -> None:
    asked = [Asked(1, "/segments again", ANALYSIS, 0.0), help_(1.0), help_(1.0, chat=2), help_(9.0)]
    answered = [
        Answered(2, "/help", 1.5),
        Answered(1, "/segments", 7.0),
        Answered(1, "/help", 7.5),
        Answered(1, "/help", 9.5),
    ]
    found = judged(asked, answered)
    assert found.seconds == {ANALYSIS: [7.0], BEHIND: [6.5], PLAIN: [0.5, 0.5]}
    assert (found.lost, found.doubled, found.out_of_order) == ([], 0, 0)


def test_memory_is_told_minute_by_minute() -> None:
    samples = [Sample(at, bot=100 + at / 10, all=200 + at) for at in range(0, 601, 10)]
    (told,) = memory_told(samples)
    assert "second minute 109 (290), middle minute 130 (500), last minute 157 (770); at most (800)" in told
    assert memory_told([]) == []
