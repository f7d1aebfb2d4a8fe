"""Print what learning shows: ``--draws`` and ``--ebm-draws`` shorten the comparison."""

import argparse

from tests.benchmarks.learning import incidence, policy_value, programme, small_data


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.learning")
    parser.add_argument("--draws", type=int, default=small_data.DRAWS)
    parser.add_argument("--ebm-draws", type=int, default=10)
    parser.add_argument("--logs", type=int, default=incidence.LOGS)
    parser.add_argument("--value-logs", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=20, help="of the programme")
    told = parser.parse_args()
    for line in incidence.report(told.logs):
        print(line, flush=True)  # noqa: T201
    for line in small_data.report(told.draws, told.ebm_draws):
        print(line, flush=True)  # noqa: T201
    for line in policy_value.lines(told.value_logs):
        print(line, flush=True)  # noqa: T201
    print(programme.report(range(1, told.seeds + 1)), flush=True)  # noqa: T201


main()
