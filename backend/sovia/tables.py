"""Every table in one import, for migrations and tests."""

from sovia.account import models as account_models
from sovia.fetching import models as fetching_models
from sovia.importer import models as importer_models
from sovia.keeping.mirroring import models as mirroring_models
from sovia.kit import jobs
from sovia.kit.db import Base
from sovia.library import changes, gathered
from sovia.library import models as library_models
from sovia.similarity import models as similarity_models

__all__ = [
    "Base",
    "account_models",
    "changes",
    "fetching_models",
    "gathered",
    "importer_models",
    "jobs",
    "library_models",
    "mirroring_models",
    "similarity_models",
]

metadata = Base.metadata
