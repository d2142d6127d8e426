"""Answers about short texts are kept, and nothing of long ones is held."""

from __future__ import annotations

from crawlers.extract.remember import remembered


def test_a_short_text_is_worked_out_once_and_a_long_one_each_time() -> None:
    asked: list[str] = []

    @remembered
    def measure(base: str, text: str | None) -> int:
        """How long."""
        asked.append(text or "")
        return len(base) + len(text or "")

    long = "x" * 501
    assert [measure("a", "bc"), measure("a", "bc"), measure("ab", "bc"), measure("a", None)] == [3, 3, 4, 1]
    assert [measure("a", long), measure("a", long)] == [502, 502]
    assert asked == ["bc", "bc", "", long, long]
    assert measure.__doc__ == "How long."
