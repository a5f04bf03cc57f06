"""Changes one function in a Python process that a test starts, and notes which functions are called there.

Python imports `sitecustomize` at its start from the first folder of PYTHONPATH that has one. MUTATION names a folder: where it
holds `mutant.json`, that function is changed as soon as its module has been imported; where it holds `reach`, the name of every
function of the program that is called is appended to it. The next `sitecustomize` on the path runs afterwards. The modules of
the program are loaded as they are, and only when the program asks for them.
"""

import os
import sys

FOLDER = "MUTATION"
MUTANT, REACH = "mutant.json", "reach"
_ROOT = os.path.dirname(os.path.abspath(__file__)).removesuffix(
    os.path.join("", "tests", "mutation", "children")
)
PROGRAM = os.path.join(_ROOT, "ledger", "")


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


def compile_function(text, names, owner):
    """Make a function of its definition, inside another whose `__class__` serves a `super()`."""
    import __future__

    import ast

    [inner] = ast.parse(text).body
    [outer] = ast.parse("def make(__class__):\n    pass").body
    outer.body = [inner, ast.Return(ast.Name(inner.name, ast.Load()))]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    space = {}
    exec(compile(module, "<mutant>", "exec", __future__.annotations.compiler_flag), names, space)
    return space["make"](owner)


def swap(mutant):
    """Put the changed code in place of the function's own, for every caller at once."""
    function = find_function(mutant["module"], mutant["owner"], mutant["function"])
    owner = getattr(sys.modules[mutant["module"]], mutant["owner"]) if mutant["owner"] else None
    changed = compile_function(mutant["changed"], function.__globals__, owner)
    function.__code__ = changed.__code__
    function.__defaults__ = changed.__defaults__
    function.__kwdefaults__ = changed.__kwdefaults__


def swap_when_imported(mutant):
    """Change the function after its module has been executed."""
    from importlib.machinery import PathFinder

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name != mutant["module"]:
                return None
            spec = PathFinder.find_spec(name, path, target)
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                swap(mutant)

            spec.loader.exec_module = exec_module
            return spec

    sys.meta_path.insert(0, Finder)


class Recorder:
    """Appends the name of every function of the program to a file when it is called for the first time."""

    def __init__(self, path):
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND)
        self._seen = set()

    def __call__(self, frame, event, _):
        code = frame.f_code
        if event == "call" and id(code) not in self._seen:
            self._seen.add(id(code))
            if code.co_filename.startswith(PROGRAM):
                os.write(self._file, f"{name_of(code)}\n".encode())

    def start(self):
        """Record from now on, in every thread; a forked child goes on by itself."""
        import threading

        self._seen.clear()
        threading.setprofile(self)
        sys.setprofile(self)


def name_of(code):
    """The file and the qualified name of a function."""
    return f"{code.co_filename.removeprefix(PROGRAM)}:{code.co_qualname}"


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
        _reach = os.path.join(os.environ[FOLDER], REACH)
        if os.path.exists(_mutant):
            import json

            with open(_mutant, encoding="utf-8") as _file:
                swap_when_imported(json.load(_file))
        if os.path.exists(_reach):
            Recorder(_reach).start()
