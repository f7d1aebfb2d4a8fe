"""Every table, imported once: what the migrations and the schema check compare with."""

from sqlalchemy import MetaData

from models.audit import Audit
from models.base import Table
from models.client import Client
from models.employer import Employer
from models.follow_up import Referral, Visit
from models.household import Household
from models.idempotency import Answered
from models.intake import Intake
from models.opportunity import Clearance, Opportunity
from models.plan import CaseloadPlan, Placement, PlanLine
from models.revision import MarketRevision
from models.slate import Slate, SlateOffer
from models.training_run import TrainingRun

TABLES = (
    Household,
    Client,
    Employer,
    Opportunity,
    Clearance,
    Slate,
    SlateOffer,
    CaseloadPlan,
    PlanLine,
    Placement,
    Referral,
    Visit,
    TrainingRun,
    Audit,
    MarketRevision,
    Answered,
    Intake,
)
METADATA: MetaData = Table.metadata
