"""The register of authorities and the achievements that counts are computed from."""

from indicators.services.authorities.achievement_lines import (
    AchievementLine,
    AchievementOutcome,
    compare_achievements,
    enter_achievements,
)
from indicators.services.authorities.achievements import (
    NewAchievement,
    add_achievement,
    change_achievement,
    remove_achievement,
)
from indicators.services.authorities.lines import (
    AuthorityLine,
    AuthorityOutcome,
    compare_authorities,
    enter_authorities,
)
from indicators.services.authorities.merging import distinguish, merge, undo_merge
from indicators.services.authorities.register import (
    add_name,
    correct_authority,
    register_authority,
    remove_name,
)

__all__ = [
    "AchievementLine",
    "AchievementOutcome",
    "AuthorityLine",
    "AuthorityOutcome",
    "NewAchievement",
    "add_achievement",
    "add_name",
    "change_achievement",
    "compare_achievements",
    "compare_authorities",
    "correct_authority",
    "distinguish",
    "enter_achievements",
    "enter_authorities",
    "merge",
    "register_authority",
    "remove_achievement",
    "remove_name",
    "undo_merge",
]
