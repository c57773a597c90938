"""Scoring rules: named steps over exact numbers, from answers to a result that explains itself and can be proved."""

from s11kit.rules.averaging import Mean, MidMedian, Owa, Sum, Trimmed
from s11kit.rules.binding import BoundRule
from s11kit.rules.counting import All, Any_, Count, None_, Share, Some
from s11kit.rules.definition import ALL, Exemption, Expectation, NotApplicableRule, Rule, Step, UnansweredRule
from s11kit.rules.judging import Bands, Cap, Floor, If, Ladder, Lookup, Override, Round, Row, Rung, Table, ValueOf
from s11kit.rules.laws import BOARD_SAFE, FAIR, LAWS, ORDINAL
from s11kit.rules.operators import operator, operators
from s11kit.rules.ordering import Max, Min, Mode, Order, Pick

__all__ = [
    "ALL", "BOARD_SAFE", "FAIR", "LAWS", "ORDINAL", "All", "Any_", "Bands", "BoundRule", "Cap", "Count", "Exemption", "Expectation", "Floor", "If",
    "Ladder", "Lookup", "Max", "Mean", "MidMedian", "Min", "Mode", "None_", "NotApplicableRule", "Order", "Override", "Owa", "Pick", "Round", "Row",
    "Rule", "Rung", "Share", "Some", "Step", "Sum", "Table", "Trimmed", "UnansweredRule", "ValueOf", "operator", "operators",
]  # fmt: skip
