"""One spelling of colour, that of the course's prose; what belongs to matplotlib keeps its own."""

import dataclasses
import inspect

from seeing import moved
from tests.seeing.public import definitions, modules


def american(name: str) -> bool:
    return "color" in name.lower()


def test_no_public_name_parameter_or_field_spells_it_otherwise():
    names = {module.__name__ for module in modules()}
    for path, value in definitions():
        names.add(path)
        value = getattr(value, "py_func", value)  # a compiled loop
        if callable(value) and not inspect.isclass(value):
            names |= {f"{path}({name})" for name in inspect.signature(value).parameters}
        elif inspect.isclass(value):
            fields = {field.name for field in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else set()
            arguments = inspect.signature(value.__init__).parameters if "__init__" in vars(value) else ()
            names |= {f"{path}.{name}" for name in {*fields, *arguments, *getattr(value, "_fields", ())}}
    assert len(names) > 1500, "the walk has lost its way"
    assert sorted(filter(american, names)) == []


def test_constants_too():
    found = {f"{module.__name__}.{name}" for module in modules() for name in vars(module) if american(name)}
    assert found - moved.MODULES.keys() == set()  # an old module is an attribute of its package once it is asked for
