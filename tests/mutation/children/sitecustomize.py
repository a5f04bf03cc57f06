"""Changes functions in a Python process that a test starts: one as a mutant says, or many so that they tell when they are called.

Python imports `sitecustomize` at its start from the first folder of PYTHONPATH that has one. MUTATION names a folder: where it
holds `mutant.json`, that function is changed as soon as its module has been imported; where it holds `targets`, each of the functions
compiled in there appends its name to the file `reach` when it is called. The next `sitecustomize` on the path runs first. The modules of
the program are loaded as they are, and only when the program asks for them.
"""

import os
import sys

FOLDER = "MUTATION"
MUTANT, TARGETS, REACH = "mutant.json", "targets", "reach"


def innermost(value):
    """Return the function that a class method, a property, a cached function or a context manager was made of."""
    while True:
        for attribute in ("__func__", "fget", "func", "__wrapped__"):
            inner = getattr(value, attribute, None)
            if inner is not None:
                value = inner
                break
        else:
            return value


def find_function(module_name, owner, name):
    """Return a function of a module that is imported, or of a class of it."""
    space = sys.modules[module_name]
    return innermost(vars(getattr(space, owner) if owner else space)[name])


def compile_function(text, names, owner, reach_name=None):
    """Make a function of its definition, inside another whose `__class__` serves a `super()`.

    With `reach_name`, it tells that name to `__reach__` first.
    """
    import __future__

    import ast

    [inner] = ast.parse(text).body
    [outer] = ast.parse("def make(__class__):\n    pass").body
    if reach_name:
        inner.body[:0] = ast.parse(f"__reach__({reach_name!r})").body
    outer.body = [inner, ast.Return(ast.Name(inner.name, ast.Load()))]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    space = {}
    exec(compile(module, "<mutant>", "exec", __future__.annotations.compiler_flag), names, space)
    return space["make"](owner)


def swap(change):
    """Put a changed code in place of the function's own, for every caller at once."""
    function, changed = _compiled(change)
    function.__code__ = changed.__code__
    function.__defaults__ = changed.__defaults__
    function.__kwdefaults__ = changed.__kwdefaults__


def _compiled(change):
    function = find_function(change["module"], change["owner"], change["function"])
    owner = getattr(sys.modules[change["module"]], change["owner"]) if change["owner"] else None
    return function, compile_function(change["text"], function.__globals__, owner, change.get("reach_name"))


def write_targets(path, changes):
    """Compile the functions that are to tell their names, once for all processes, by module."""
    import marshal

    modules = {}
    for change in changes:
        code = _compiled(change)[1].__code__
        modules.setdefault(change["module"], []).append((change["owner"], change["function"], code))
    with open(path, "wb") as stream:
        marshal.dump(modules, stream)


def read_targets(path):
    """Return what `write_targets` wrote."""
    import marshal

    with open(path, "rb") as stream:
        return marshal.load(stream)


def put_in(module_name, targets):
    """Have the functions of a module tell their names."""
    for owner, name, code in targets:
        find_function(module_name, owner, name).__code__ = code


def when_imported(modules, change_module):
    """Call `change_module(name, modules[name])` after each of the modules has been executed."""
    from importlib.machinery import PathFinder

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name not in modules:
                return None
            spec = PathFinder.find_spec(name, path, target)
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                change_module(name, modules[name])

            spec.loader.exec_module = exec_module
            return spec

    sys.meta_path.insert(0, Finder)


class Recorder:
    """Appends each name it is told to a file, once in each process."""

    def __init__(self, path):
        import builtins

        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._seen = set()
        builtins.__reach__ = self

    def __call__(self, name):
        if name not in self._seen:
            self._seen.add(name)
            os.write(self._file, f"{name}\n".encode())

    def forget(self):
        """Tell every name once more."""
        self._seen.clear()


def _run_next():
    from importlib.machinery import PathFinder

    here = os.path.dirname(os.path.abspath(__file__))
    spec = PathFinder.find_spec(
        "sitecustomize", [folder for folder in sys.path if os.path.abspath(folder) != here]
    )
    if spec:
        from importlib.util import module_from_spec

        spec.loader.exec_module(module_from_spec(spec))


if __name__ == "sitecustomize":
    _run_next()
    if FOLDER in os.environ:
        _mutant = os.path.join(os.environ[FOLDER], MUTANT)
        _targets = os.path.join(os.environ[FOLDER], TARGETS)
        if os.path.exists(_mutant):
            import json

            with open(_mutant, encoding="utf-8") as _stream:
                _change = json.load(_stream)
            when_imported({_change["module"]: _change}, lambda name, change: swap(change))
        if os.path.exists(_targets):
            when_imported(read_targets(_targets), put_in)
            Recorder(os.path.join(os.environ[FOLDER], REACH))
