"""Words that services are filed under, and what was changed when."""

from django.db import models

from entero.directory.models.base import Guarded, visibility_check


class Taxonomy(Guarded):
    """A list of terms, ours or somebody else's."""

    name = models.CharField(max_length=255, unique=True)
    description = models.TextField()
    uri = models.URLField(max_length=500, blank=True)
    version = models.CharField(max_length=50, blank=True)

    class Meta:
        verbose_name_plural = "taxonomies"
        constraints = (visibility_check("taxonomy"),)


class TaxonomyTerm(Guarded):
    """One term of a taxonomy."""

    guarded_by = ("taxonomy",)

    code = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    description = models.TextField()
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    taxonomy = models.ForeignKey(
        Taxonomy, null=True, blank=True, on_delete=models.CASCADE, related_name="terms"
    )
    language = models.CharField(max_length=12, blank=True)
    term_uri = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints = (
            visibility_check("taxonomy_term"),
            models.UniqueConstraint(fields=("taxonomy", "code"), name="term_code_once_in_taxonomy"),
        )


class Attribute(Guarded):
    """Files any row of the directory under a term."""

    guarded_by = ("taxonomy_term", "taxonomy_term__taxonomy")

    link_id = models.UUIDField()
    link_entity = models.CharField(max_length=50)
    link_type = models.CharField(max_length=50, blank=True)
    taxonomy_term = models.ForeignKey(TaxonomyTerm, on_delete=models.CASCADE, related_name="attributes")
    value = models.CharField(max_length=255, blank=True)
    label = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = (models.Index(fields=("link_id",), name="attribute_by_row"),)
        constraints = (
            visibility_check("attribute"),
            models.UniqueConstraint(
                fields=("link_id", "taxonomy_term", "value"), name="attribute_once_on_row"
            ),
        )


class Metadata(Guarded):
    """A change of one field: what it was, what it became, and who did it."""

    resource_id = models.UUIDField()
    resource_type = models.CharField(max_length=50)
    last_action_date = models.DateField()
    last_action_type = models.CharField(max_length=50)
    field_name = models.CharField(max_length=100)
    previous_value = models.TextField()
    replacement_value = models.TextField()
    updated_by = models.CharField(max_length=100)

    class Meta:
        verbose_name_plural = "metadata"
        indexes = (models.Index(fields=("resource_id",), name="metadata_by_row"),)
        constraints = (visibility_check("metadata"),)


class MetaTableDescription(Guarded):
    """About a table as a whole."""

    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=12, blank=True)
    character_set = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints = (visibility_check("meta_table_description"),)
