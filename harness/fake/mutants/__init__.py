"""The fake, broken on purpose: each mutant breaks one documented rule, and a suite that is any good must notice.

One module for each chapter; a module that is added here is found by itself.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from harness.fake.mutants.registry import MUTANTS, Break, Mutant, broken, mutant

__all__ = ["MUTANTS", "Break", "Mutant", "broken", "mutant"]

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
