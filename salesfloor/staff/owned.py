"""Rows that belong to one retailer are reached from that retailer, never from the whole table."""

from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model, covariant=True)


class Unscoped(Exception):
    """A query was made over the rows of all accounts."""


class OwnedManager(models.Manager[Row]):
    """Works from an owner only: `account.items`, `sale.lines`.

    `Item.objects.all()` would show one retailer another's data, so it raises instead. What truly
    spans accounts (a worker looking for work) says so: `Item.everywhere`.
    """

    def get_queryset(self) -> models.QuerySet[Row]:
        # Django's related managers derive from this class and carry the filter of their owner.
        if not hasattr(self, "core_filters"):
            raise Unscoped(f"Reach {self.model.__name__} from its account or other owner")
        return super().get_queryset()


class Owned(models.Model):
    """Base of every model whose rows belong to one account, directly or through an owner."""

    objects: models.Manager[Any] = OwnedManager()
    everywhere: models.Manager[Any] = models.Manager()

    class Meta:
        abstract = True
