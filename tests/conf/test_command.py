"""The command answers its help without starting the framework."""

import subprocess
import sys

from entero.conf.command import build_parser

COMMANDS = {"init", "serve", "worker", "demo", "match", "directory", "check"}


def test_help_names_every_command() -> None:
    text = build_parser().format_help()
    listed = text[text.index("  COMMAND") :].splitlines()[1:]
    assert {line.split()[0] for line in listed if not line.startswith(" " * 5)} == COMMANDS


def test_help_starts_no_framework() -> None:
    code = (
        "import sys\n"
        "from entero.conf.command import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'django', 'numpy', 'ninja', 'numba'} & set(sys.modules)\n"
        "assert heavy == set(), heavy\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    assert "usage: entero" in result.stdout


def test_unknown_setting_is_a_clear_error() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "entero.conf.command", "check"],
        capture_output=True,
        check=False,
        text=True,
        env={"ENTERO_COLOR": "blue", "PATH": ""},
    )
    assert result.returncode == 1
    assert result.stderr.startswith("entero: ENTERO_COLOR is not a setting of Entero.")
    assert "Traceback" not in result.stderr
