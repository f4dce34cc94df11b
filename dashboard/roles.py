"""Roles: a sentence and a tuple of permission codenames each. Code asks for permissions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    slug: str
    title: str
    sentence: str
    permissions: tuple[str, ...]


READ = (
    "performance.view_measurement",
    "performance.view_indicator",
    "improvement.view_plan",
    "improvement.view_action",
    "improvement.view_assessment",
)

ROLES = [
    Role("councillor", "Panel member", "Reads everything that the panel may read.", READ),
    Role("chair", "Chair", "Reads as a panel member and leads the panel.", READ),
    Role("officer", "Officer", "Owns actions of the plan.", READ),
    Role("theme-lead", "Theme lead", "Answers for a theme of the plan.", READ),
    Role("director", "Director", "Answers for the plan and releases what members read.", READ),
    Role("scrutiny-officer", "Scrutiny officer", "Runs the panel's meetings.", READ),
    Role(
        "data-admin",
        "Data admin",
        "Loads the figures.",
        (*READ, "performance.add_load", "performance.view_load"),
    ),
]
