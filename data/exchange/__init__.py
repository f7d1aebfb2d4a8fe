"""Exchange formats: what other programs write, read with every error named.

Every reader answers records, problems and counts, and raises nothing but `ImportRefused`,
whatever the file holds.
"""

from data.exchange.esco import EscoImport, import_esco
from data.exchange.jobposting import read_job_postings
from data.exchange.mapping import load_mapping
from data.exchange.oscar import read_oscar
from data.exchange.prism import PrismImport, import_prism
from data.exchange.problem import ImportRefused, Problem
from data.exchange.rejects import write_rejects
from data.exchange.result import Import, Notes
from data.exchange.template import write_opportunities, write_template
from data.exchange.vacancies import read_vacancies

__all__ = [
    "EscoImport",
    "Import",
    "ImportRefused",
    "Notes",
    "PrismImport",
    "Problem",
    "import_esco",
    "import_prism",
    "load_mapping",
    "read_job_postings",
    "read_oscar",
    "read_vacancies",
    "write_opportunities",
    "write_rejects",
    "write_template",
]
