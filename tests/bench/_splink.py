"""Splink on the rows of a JSON Lines file: `python _splink.py ROWS STOPS quick|words|best`, in its own room.

Three set-ups, each after its documentation and the best of those tried of its kind. `quick`: pairs of one
day at one venue or with one title; whole titles by Jaro-Winkler, minutes apart, venue. `words`: pairs of one
day in one venue or town; shared words of titles and texts, and of one's title in the other's text. `best`:
the same with how rare the shared words are, words alike by Jaro-Winkler, and the source.
Counted is what its user has to do with the loaded table: titles and texts into words (in DuckDB), u by
random pairs, m by expectation maximisation, prediction, one clustering. Not counted: loading, finding day,
time, venue and town (both sides are given them), and the search for the threshold, which is the one with
the best F1 on the truth: a favour. Not used: one listing a source (`cluster_using_single_best_links`),
which did not end in three minutes on 10,000; m from labels, which gave a lower F1. Prints one JSON line.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from typing import Any

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

WEIGHTS = (-6, -4, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12)
MEMORY = "8GB"
ROWS = """
CREATE TABLE rows AS SELECT * FROM read_json_auto('{rows}', format = 'newline_delimited');
CREATE TABLE stops AS SELECT * FROM read_json_auto('{stops}', format = 'newline_delimited');
"""
SILENT = cll.CustomLevel("len(said_l) = 0 OR len(said_r) = 0").configure(is_null_level=True)
# Words without those of every sentence; how rare each is, as -log2 of its share of the rows.
WORDS = """
CREATE TABLE split AS SELECT *,
    list_distinct(list_filter(regexp_split_to_array(strip_accents(lower(title)), '[^a-z0-9]+'),
        lambda w: length(w) > 1 AND NOT list_contains(stop, w))) AS words,
    list_distinct(list_filter(regexp_split_to_array(strip_accents(lower(coalesce(description, ''))),
        '[^a-z0-9]+'), lambda w: length(w) > 2 AND NOT list_contains(stop, w))) AS said
FROM rows, (SELECT list(word) AS stop FROM stops);
CREATE TABLE rare AS SELECT word, log2((SELECT count(*) FROM rows) / count(*)) AS bits
FROM (SELECT unnest(words) AS word FROM split UNION ALL SELECT unnest(said) FROM split) GROUP BY word;
CREATE TABLE ready AS WITH
    named AS (SELECT id, list({'word': word, 'bits': bits}) AS named
        FROM (SELECT id, unnest(words) AS word FROM split) JOIN rare USING (word) GROUP BY id),
    told AS (SELECT id, list({'word': word, 'bits': bits}) AS told
        FROM (SELECT id, unnest(said) AS word FROM split) JOIN rare USING (word) GROUP BY id)
SELECT split.* EXCLUDE (stop), coalesce(named, []) AS named, coalesce(told, []) AS told,
    nullif(array_to_string(list_sort(words), ' '), '') AS plain
FROM split LEFT JOIN named USING (id) LEFT JOIN told USING (id);
"""


def bits(a: str, b: str) -> str:
    """How rare the words are that two columns share, in bits."""
    return f"coalesce(list_sum(list_transform(list_intersect({a}_l, {b}_r), lambda x: x.bits)), 0)"


def levels(name: str, measure: str, steps: tuple[float, ...], *first: Any) -> Any:
    """A comparison with a level for each least measure, the most first."""
    made = [*first, *(cll.CustomLevel(f"{measure} >= {least}") for least in steps), cll.ElseLevel()]
    return cl.CustomComparison(output_column_name=name, comparison_levels=made)


def minutes() -> Any:
    """Times of the day: equal, doors against start, a clock in UTC."""
    return cl.CustomComparison(
        output_column_name="minute",
        comparison_levels=[
            cll.NullLevel("minute"),
            cll.ExactMatchLevel("minute"),
            cll.CustomLevel("abs(minute_l - minute_r) <= 60"),
            cll.CustomLevel("abs(minute_l - minute_r) = 120"),
            cll.ElseLevel(),
        ],
    )


def quick() -> SettingsCreator:
    """Whole titles and times of what stands at one venue, or under one title, on one day."""
    title = cl.JaroWinklerAtThresholds("title", [0.92, 0.8, 0.6]).configure(term_frequency_adjustments=True)
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[title, minutes(), cl.ExactMatch("venue")],
        blocking_rules_to_generate_predictions=[block_on("day", "venue"), block_on("day", "title")],
        retain_matching_columns=False,
    )


def words() -> SettingsCreator:
    """How many words titles and texts share, of what is in one town on one day."""
    both = "len(list_intersect(words_l, words_r))"
    across = "len(list_intersect(words_l, said_r)) + len(list_intersect(words_r, said_l))"
    whole = cll.CustomLevel(f"{both} >= least(len(words_l), len(words_r))")
    title = cl.CustomComparison(
        output_column_name="title",
        comparison_levels=[
            cll.NullLevel("plain"),
            cll.ExactMatchLevel("plain", term_frequency_adjustments=True),
            whole,
            cll.JaroWinklerLevel("plain", 0.92),
            cll.CustomLevel(f"{both} >= 2"),
            cll.CustomLevel(f"{both} >= 1"),
            cll.JaroWinklerLevel("plain", 0.8),
            cll.ElseLevel(),
        ],
    )
    text = levels("text", "len(list_intersect(said_l, said_r))", (4, 2), SILENT)
    town = cl.ExactMatch("town").configure(term_frequency_adjustments=True)
    return whole_day([title, minutes(), text, levels("across", across, (2, 1)), venue(), town])


def best() -> SettingsCreator:
    """How rare the words are that titles and texts share, of what is in one town on one day."""
    rare = bits("named", "named")
    within = f"len(list_intersect(words_l, words_r)) >= least(len(words_l), len(words_r)) AND {rare} >= 8"
    title = levels(
        "title",
        rare,
        (22.0, 14.0, 9.0, 5.0),
        cll.NullLevel("plain"),
        cll.ExactMatchLevel("plain", term_frequency_adjustments=True),
        cll.CustomLevel(within),
    )
    alike = cll.PairwiseStringDistanceFunctionLevel("words", "jaro_winkler", 0.9)
    fuzzy = cl.CustomComparison(output_column_name="alike", comparison_levels=[alike, cll.ElseLevel()])
    text = levels("text", bits("told", "told"), (40.0, 22.0, 12.0, 6.0), SILENT)
    across = f"greatest({bits('named', 'told')}, {bits('told', 'named')})"
    cross = levels("cross", across, (18.0, 9.0, 5.0))
    return whole_day([title, fuzzy, minutes(), text, cross, venue(), cl.ExactMatch("source")])


def venue() -> Any:
    """The same venue says less of one where much goes on."""
    return cl.ExactMatch("venue").configure(term_frequency_adjustments=True)


def whole_day(comparisons: list[Any]) -> SettingsCreator:
    """Pairs of one day at one venue or in one town."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on("day", "venue"), block_on("day", "town")],
        retain_matching_columns=False,
    )


SETUPS = {"quick": quick, "words": words, "best": best}


def scored(connection: Any, setup: str) -> tuple[Linker, Any]:
    """The trained linker and its scored pairs, from the loaded table on."""
    same = "title" if setup == "quick" else "plain"
    if setup != "quick":
        connection.execute(WORDS)
    table = DuckDBAPI(connection).register("rows" if setup == "quick" else "ready")
    linker = Linker(table, SETUPS[setup]())
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("day", "venue", same)], recall=0.3)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    train.estimate_parameters_using_expectation_maximisation(block_on("day", "venue"))
    train.estimate_parameters_using_expectation_maximisation(block_on(same, "day"))
    return linker, linker.inference.predict(threshold_match_weight=WEIGHTS[0])


def pairs(groups: Any) -> int:
    """How many pairs groups of these sizes have."""
    return sum(n * (n - 1) // 2 for n in groups)


def judge(found: dict[str, Any], truth: dict[str, int]) -> dict[str, float]:
    """F1, precision and recall over all pairs."""
    right = pairs(Counter((truth[key], group) for key, group in found.items()).values())
    claimed, true = pairs(Counter(found.values()).values()), pairs(Counter(truth.values()).values())
    precision, recall = right / max(claimed, 1), right / true
    return {
        "f1": 2 * precision * recall / max(precision + recall, 1e-9),
        "precision": precision,
        "recall": recall,
    }


def main(rows: str, stops: str, setup: str) -> None:
    """Cluster, judge at each threshold, print the best."""
    logging.disable(logging.WARNING)
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")  # as Splink 5.0 writes it
    connection.execute(ROWS.format(rows=rows, stops=stops))
    began, busy = time.monotonic(), time.process_time()
    linker, found = scored(connection, setup)
    wall, cpu = time.monotonic() - began, time.process_time() - busy
    truth = dict(connection.execute("SELECT id, truth FROM rows").fetchall())
    best: dict[str, Any] = {"f1": 0.0}
    for weight in WEIGHTS:
        began, busy = time.monotonic(), time.process_time()
        grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(
            found, threshold_match_weight=weight
        )
        took, cost = time.monotonic() - began, time.process_time() - busy
        table = grouped.as_pyarrow_table()
        judged = judge(
            dict(zip(table["id"].to_pylist(), table["cluster_id"].to_pylist(), strict=True)), truth
        )
        if judged["f1"] > best["f1"]:
            best = {**judged, "threshold": weight, "seconds": wall + took, "cpu": cpu + cost}
    print(json.dumps(best))


if __name__ == "__main__":
    main(*sys.argv[1:])
