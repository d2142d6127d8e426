"""Splink on the rows of a JSON Lines file, in an environment of its own: `python _splink.py ROWS OUT`.

The configuration is the one that its documentation leads to for such data, and the best of those tried:
candidates by day with town, venue or words of the title; token overlap and Jaro-Winkler on titles with
adjustment for frequent ones, venue, minutes apart, text; u by random pairs, m by expectation maximisation
under two blocking rules; connected components at the threshold with the best F1 on the truth, which is a
favour, as is that only its training, prediction and one clustering are counted. Prints one JSON line.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
LOWEST = 0.1  # pairs below are not kept


def settings() -> SettingsCreator:
    """What is compared, and which pairs."""
    title = cl.CustomComparison(
        output_column_name="title",
        comparison_levels=[
            cll.NullLevel("title"),
            cll.ExactMatchLevel("title", term_frequency_adjustments=True),
            cll.CustomLevel("len(list_intersect(words_l, words_r)) >= least(len(words_l), len(words_r))"),
            cll.JaroWinklerLevel("title", 0.92),
            cll.CustomLevel("len(list_intersect(words_l, words_r)) >= 2"),
            cll.CustomLevel("len(list_intersect(words_l, words_r)) >= 1"),
            cll.JaroWinklerLevel("title", 0.8),
            cll.ElseLevel(),
        ],
    )
    minutes = cl.CustomComparison(
        output_column_name="minute",
        comparison_levels=[
            cll.NullLevel("minute"),
            cll.ExactMatchLevel("minute"),
            cll.CustomLevel("abs(minute_l - minute_r) <= 60"),
            cll.CustomLevel("abs(minute_l - minute_r) = 120"),
            cll.ElseLevel(),
        ],
    )
    text = cl.CustomComparison(
        output_column_name="text",
        comparison_levels=[
            cll.NullLevel("text"),
            cll.ExactMatchLevel("text", term_frequency_adjustments=True),
            cll.CustomLevel("len(list_intersect(tokens_l, tokens_r)) >= 4"),
            cll.CustomLevel("len(list_intersect(tokens_l, tokens_r)) >= 2"),
            cll.ElseLevel(),
        ],
    )
    named = cl.CustomComparison(
        output_column_name="named",
        comparison_levels=[
            cll.CustomLevel(
                "len(list_intersect(words_l, tokens_r)) + len(list_intersect(words_r, tokens_l)) >= 2"
            ),
            cll.CustomLevel(
                "len(list_intersect(words_l, tokens_r)) + len(list_intersect(words_r, tokens_l)) >= 1"
            ),
            cll.ElseLevel(),
        ],
    )
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            title,
            minutes,
            text,
            named,
            cl.ExactMatch("venue").configure(term_frequency_adjustments=True),
            cl.ExactMatch("town").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[block_on("day", "venue"), block_on("day", "town")],
        max_iterations=15,
    )


def cluster(rows: str) -> tuple[Linker, Any, float, float]:
    """The trained linker, its scored pairs, and the seconds of the clock and of the processors."""
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(
        f"CREATE TABLE rows AS SELECT * FROM read_json_auto('{rows}', format = 'newline_delimited')"
    )
    began, busy = time.monotonic(), time.process_time()
    linker = Linker(DuckDBAPI(connection).register("rows"), settings())
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("day", "venue", "title")], recall=0.3)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    train.estimate_parameters_using_expectation_maximisation(block_on("day", "venue"))
    train.estimate_parameters_using_expectation_maximisation(block_on("title", "day"))
    scored = linker.inference.predict(threshold_match_probability=LOWEST)
    return linker, scored, time.monotonic() - began, time.process_time() - busy


def pairs(groups: Any) -> int:
    """How many pairs groups of these sizes have."""
    return sum(n * (n - 1) // 2 for n in groups)


def judge(found: dict[str, Any], truth: dict[str, int]) -> tuple[float, float, float]:
    """F1, precision and recall over all pairs."""
    right = pairs(Counter((truth[key], group) for key, group in found.items()).values())
    claimed, true = pairs(Counter(found.values()).values()), pairs(Counter(truth.values()).values())
    precision, recall = right / claimed, right / true
    return 2 * precision * recall / (precision + recall), precision, recall


def main(rows: str) -> None:
    """Cluster, judge at each threshold, print the best."""
    logging.disable(logging.WARNING)
    linker, scored, wall, busy = cluster(rows)
    with Path(rows).open(encoding="utf-8") as file:
        truth = {row["id"]: row["truth"] for row in map(json.loads, file)}
    best: dict[str, Any] = {"f1": 0.0}
    for threshold in THRESHOLDS:
        began, start = time.monotonic(), time.process_time()
        grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold)
        took, cost = time.monotonic() - began, time.process_time() - start
        table = grouped.as_pyarrow_table()
        found = dict(zip(table["id"].to_pylist(), table["cluster_id"].to_pylist(), strict=True))
        f1, precision, recall = judge(found, truth)
        if f1 > best["f1"]:
            best = {"f1": f1, "precision": precision, "recall": recall, "threshold": threshold}
            best |= {"seconds": wall + took, "cpu": busy + cost}
    best["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(best))


MEMORY = "8GB"

if __name__ == "__main__":
    main(sys.argv[1])
