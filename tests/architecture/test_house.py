"""Guards the plan of the house: what no linter can see."""

import ast
from pathlib import Path

from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "entero"
FLOORS = {"kernel": 0, "ui": 1, "directory": 2, "conf": 3}
FILE_LINES = 400
TEST_LINES = 600
FUNCTION_LINES = 50


def _floor(module: str) -> int | None:
    parts = module.split(".")
    return FLOORS[parts[1]] if parts[0] == "entero" else None


def _own_python_files() -> list[Path]:
    folders = (SOURCE, ROOT / "tests", ROOT / "scripts", ROOT / "bench")
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts and "data" not in path.parts
    ]


def test_foreign_keys_point_down_or_stay() -> None:
    looked_at = 0
    for model in apps.get_models():
        floor = _floor(model.__module__)
        for field in model._meta.get_fields():
            if floor is None or not (field.is_relation and field.concrete) or not field.related_model:
                continue
            target = _floor(field.related_model.__module__)
            looked_at += 1
            if target is None:
                continue
            same_room = model.__module__.split(".")[1] == field.related_model.__module__.split(".")[1]
            assert target < floor or same_room, f"{model.__name__}.{field.name} points up"
    assert looked_at > 40


def test_every_floor_is_in_the_plan() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(FLOORS)


def test_files_and_functions_stay_small() -> None:
    long: list[str] = []
    for path in _own_python_files():
        text = path.read_text(encoding="utf-8")
        limit = TEST_LINES if "tests" in path.parts else FILE_LINES
        name = path.relative_to(ROOT)
        if text.count("\n") > limit:
            long.append(f"{name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{name}:{node.lineno} {node.name}: {lines} lines")
    assert long == []


def test_no_mocks_of_our_own_code() -> None:
    users = [
        str(path.relative_to(ROOT))
        for path in _own_python_files()
        if any(
            isinstance(node, ast.ImportFrom | ast.Import) and "mock" in ast.dump(node)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert users == []


def test_migrations_are_complete_and_named(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    names = [path.stem for path in SOURCE.rglob("migrations/0*.py")]
    assert names != []
    assert [name for name in names if "_auto_" in name or name.endswith("_initial")] == []
