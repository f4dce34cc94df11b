"""Roles: a sentence and a tuple of permission codenames each. Code asks for permissions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """`opens_admin`: its people may look into Django's admin, where nothing can be changed."""

    slug: str
    title: str
    sentence: str
    permissions: tuple[str, ...]
    opens_admin: bool = False


READ = (
    "performance.view_measurement",
    "performance.view_indicator",
    "improvement.view_plan",
    "improvement.view_action",
    "improvement.view_assessment",
)

# Its holders ask as members of the panel do. A Cabinet Member answers to the panel, so does not.
ASK_AS_MEMBER = "dashboard.ask_as_member"
KEEP_PEOPLE = "dashboard.keep_people"
LEAD_THEMES = "improvement.keep_actions"
EVERY_THEME = "improvement.every_theme"
KEEP_PLAN = "improvement.keep_plan"

LOAD_FIGURES = (
    "performance.view_load",
    "performance.add_load",
    "performance.back_load",
    "performance.withdraw_load",
    "performance.add_periodlock",
    "performance.change_periodlock",
    "performance.unlock_period",
)

KEEP_REFERENCE_DATA = (
    "performance.add_indicator",
    "performance.change_indicator",
    "performance.add_series",
    "performance.change_series",
    "performance.view_series",
    "performance.add_target",
    "performance.change_target",
    "performance.view_target",
    "performance.add_comparatorgroup",
    "performance.change_comparatorgroup",
    "performance.view_comparatorgroup",
    "performance.view_area",
    "performance.view_referenceevent",
)

EXPLAIN_FIGURES = ("performance.add_annotation", "performance.change_annotation")

SAY_HOW_ACTIONS_STAND = ("improvement.add_progressupdate", "improvement.ask_removal")

KEEP_A_THEME = (
    *SAY_HOW_ACTIONS_STAND,
    "improvement.review_updates",
    "improvement.keep_actions",
    "improvement.view_activity",
)

ROLES = [
    Role(
        "councillor",
        "Panel member",
        "Reads what the panel reads, and asks as a member of it.",
        (*READ, ASK_AS_MEMBER),
    ),
    Role(
        "chair",
        "Chair",
        "Reads and asks as a panel member, and leads the panel.",
        (*READ, ASK_AS_MEMBER),
    ),
    Role(
        "co-opted",
        "Co-opted member",
        "Reads and asks as a panel member: an education representative.",
        (*READ, ASK_AS_MEMBER),
    ),
    Role(
        "substitute",
        "Substitute",
        "Reads and asks as a panel member for one meeting, until the last day that is set.",
        (*READ, ASK_AS_MEMBER),
    ),
    Role(
        "cabinet-member",
        "Cabinet Member",
        "Reads what the panel reads and answers to it, but does not ask as a member of it.",
        READ,
    ),
    Role(
        "officer",
        "Officer",
        "Says how the actions stand that are theirs; explains figures.",
        (*READ, *EXPLAIN_FIGURES, *SAY_HOW_ACTIONS_STAND),
    ),
    Role(
        "theme-lead",
        "Theme lead",
        "Keeps the actions of the themes that they lead, and approves their updates.",
        (*READ, *EXPLAIN_FIGURES, *KEEP_A_THEME),
    ),
    Role(
        "director",
        "Director",
        "Keeps the plan and every theme, and releases what members read.",
        (
            *READ,
            *EXPLAIN_FIGURES,
            *KEEP_A_THEME,
            EVERY_THEME,
            KEEP_PLAN,
            "improvement.open_round",
            "improvement.release_updates",
            "improvement.confirm_removal",
            "performance.view_load",
        ),
    ),
    Role(
        "scrutiny-officer",
        "Scrutiny officer",
        "Opens the rounds of updates, and reads who did what to the plan.",
        (
            *READ,
            "improvement.open_round",
            "improvement.view_activity",
            "improvement.ask_removal",
            "improvement.confirm_removal",
            "performance.view_load",
        ),
    ),
    Role(
        "data-admin",
        "Data admin",
        "Loads the figures and keeps the reference data.",
        (*READ, *EXPLAIN_FIGURES, *LOAD_FIGURES, *KEEP_REFERENCE_DATA),
        opens_admin=True,
    ),
    Role(
        "administrator",
        "Administrator",
        "Invites people, gives roles, and lets in and out; reads what the panel reads.",
        (*READ, KEEP_PEOPLE),
    ),
]
