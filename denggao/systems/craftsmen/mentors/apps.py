from django.apps import AppConfig


class MentorsConfig(AppConfig):
    name = "denggao.systems.craftsmen.mentors"
    label = "craftsmen_mentors"
