from django.urls import path

from dashboard.views import people

people_patterns = [
    path("", people.people, name="people"),
    path("invite/", people.person_invite, name="person-invite"),
    path("<int:number>/", people.person, name="person"),
    path("<int:number>/roles/", people.person_roles, name="person-roles"),
    path("<int:number>/themes/", people.person_themes, name="person-themes"),
    path("<int:number>/last-day/", people.person_last_day, name="person-last-day"),
    path("<int:number>/deactivate/", people.person_deactivate, name="person-deactivate"),
    path("<int:number>/reactivate/", people.person_reactivate, name="person-reactivate"),
    path("<int:number>/invite-again/", people.person_invite_again, name="person-invite-again"),
    path(
        "<int:number>/second-factor/",
        people.person_second_factor,
        name="person-second-factor",
    ),
]
