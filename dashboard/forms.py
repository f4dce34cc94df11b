from django.forms.renderers import TemplatesSetting


class GovukRenderer(TemplatesSetting):
    """Django's forms, drawn with GOV.UK Frontend's field markup."""

    field_template_name = "_form_field.html"
