from hypothesis import HealthCheck, settings

# The rules take microseconds: a slow example says that the machine is busy, not that a rule is.
settings.register_profile("rules", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rules")
