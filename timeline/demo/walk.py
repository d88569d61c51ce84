"""The walk-through of the founding case: what is loaded and what is asked. Words nothing, appends nothing."""

from __future__ import annotations

import csv
import gzip
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, final

from timeline.hearings.account import EVERYBODY, Account
from timeline.read import Asked
from timeline.reports.asking import put
from timeline.views import view_named

FACTS: Final = Path(__file__).parent / "perry.jsonl"
"""The founding case, every fact as an event with its source."""
CASE: Final = "perry"
MAPPINGS: Final = Path(__file__).resolve().parents[2] / "examples" / "mimic3demo"
DEATHS: Final = "mimic3demo_patients.csv.gz"
ORDERS: Final = "mimic3demo_prescriptions.csv.gz"
PATIENT: Final = "10111"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question of the walk-through: why it is asked, of which case, and how; a brief one shows its short words."""

    why: str
    case: str
    view: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    account: Account = EVERYBODY
    brief: bool = False

    @property
    def command(self) -> str:
        """The command line that asks the same."""
        words = ["casefold", "ask", self.case, self.view]
        kinds = {each.name: each.kind for each in view_named(self.view).parameters}
        for name, value in self.parameters.items():
            words += [value] if kinds[name] == "positional" else [f"--{name}"]
            words += [value] if kinds[name] in ("option", "file") else []
        words += [word for speaker in self.account.speakers for word in ("--according-to", speaker)]
        words += ["--standing", ",".join(self.account.standings)] if self.account.standings else []
        return shlex.join(words)


SHOTS: Final = {"type": "injection", "window": "4 days before @death"}
STEPS: Final = (
    Step(why="What happened, in order, and who says so", case=CASE, view="chronology"),
    Step(
        why="How long before the death was the last infusion, on the medical examiner's word alone",
        case=CASE,
        view="days-since-last",
        parameters={"type": "infusion", "at": "@death"},
        account=Account(speakers=("medical examiner",)),
    ),
    Step(why="How many shots in the final four days, whoever says so", case=CASE, view="dose-total", parameters=SHOTS),
    Step(
        why="The same, on admissions alone",
        case=CASE,
        view="dose-total",
        parameters=SHOTS,
        account=Account(standings=("admitted",)),
    ),
    Step(
        why="Could the last infusion explain the level found, had it been 0.5 to 1 mg/kg over 40 to 60 minutes",
        case=CASE,
        view="residual",
        parameters={
            "substance": "ketamine",
            "type": "infusion",
            "at": "@death",
            "level": "@tox-peripheral",
            "assume-dose": "0.5 mg/kg to 1 mg/kg",
            "assume-duration": "40 to 60 minutes",
        },
    ),
    Step(why="What the treatment was, as far as anybody says", case=CASE, view="treatment", brief=True),
    Step(
        why="From the first and the last infusion to the death, the day of the infusion being day 1",
        case=CASE,
        view="time-to-onset",
        parameters={"reaction": "@death", "type": "infusion", "day-one": "yes"},
        brief=True,
    ),
    Step(
        why="The final four days, put together",
        case=CASE,
        view="final-days",
        parameters={"window": "4 days before @death"},
        brief=True,
    ),
    Step(why="What was found and measured, beside published levels", case=CASE, view="findings", brief=True),
    Step(
        why="Who is charged with what and how it stands; a charge is no conviction",
        case=CASE,
        view="charges",
        parameters={"at": "2025-12-04"},
        brief=True,
    ),
    Step(why="Who supplied what to whom, for how much", case=CASE, view="supply", brief=True),
    Step(why="What a careful colleague would ask", case=CASE, view="check", brief=True),
)


def ordered(case: str) -> Step:
    """Give the question that is put to an intensive-care patient's case: what was ordered in the final four days."""
    return Step(
        why=f"An intensive-care patient ({case}): what was ordered in the final four days",
        case=case,
        view="dose-total",
        parameters={"type": "prescription", "window": "4 days before @death"},
    )


def walk(where: str, data: str, *, load: Callable[..., Mapping[str, Any]]) -> dict[str, Any]:
    """Load the founding case into the log at `where` and put the questions, then those to an intensive-care patient.

    `load(files, **options)` appends files as the command does; this side never appends. `data` is the folder of the
    intensive-care records, which may be absent. Gives each question with its command line and its answer.
    """
    loaded = load([str(FACTS)])
    steps = [_put(where, step) for step in STEPS]
    patient = _patient(where, Path(data), load)
    return {"loaded": dict(loaded), "steps": steps, **patient}


def _put(where: str, step: Step) -> dict[str, Any]:
    told = put(where, step.case, step.view, step.parameters, Asked(account=step.account))
    return {"why": step.why, "command": step.command, "brief": step.brief, "answer": told}


def _patient(where: str, data: Path, load: Callable[..., Mapping[str, Any]]) -> dict[str, Any]:
    """Load one patient's rows of the intensive-care records and ask what was ordered; says where they are absent."""
    if not MAPPINGS.exists():
        said = "The intensive-care patient is shown by `make demo`, in a copy of the source with its examples."
        return {"patient": None, "absent": said}
    absent = [place for place in (data / ORDERS, data / DEATHS) if not place.exists()]
    if absent:
        said = f"No intensive-care records here: {absent[0]} is missing; `casefold demo --data DIR` names their folder."
        return {"patient": None, "absent": said}
    with TemporaryDirectory(prefix="casefold-demo-") as folder:
        for name, mapping in ((DEATHS, "patients.toml"), (ORDERS, "prescriptions.toml")):
            rows = _rows_of(data / name, Path(folder) / name.removesuffix(".gz"))
            load([str(rows)], map=str(MAPPINGS / mapping), quarantine=f"{folder}/{mapping}.jsonl")
    return {"patient": _put(where, ordered(PATIENT)), "absent": ""}


def _rows_of(packed: Path, plain: Path) -> Path:
    """Write the head and the patient's rows of a packed table to a plain file."""
    with gzip.open(packed, "rt", encoding="utf-8") as table, plain.open("w", encoding="utf-8") as rows:
        head = next(table)
        column = next(csv.reader([head])).index("subject_id")
        rows.write(head)
        rows.writelines(line for line in table if next(csv.reader([line]))[column] == PATIENT)
    return plain
