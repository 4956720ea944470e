"""What comes back is put into the rep's cart."""

from django.db import transaction
from django.utils.translation import gettext as _

from salesfloor.catalog.models import Item
from salesfloor.returns import originals
from salesfloor.returns.forms import ReturnForm, WhyForm, WithoutReceiptForm
from salesfloor.returns.originals import Original, OriginalLine
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale, SaleLine
from salesfloor.sales.refusals import CartChanged, Refused
from salesfloor.staff.models import Account, Rep


def take_back(rep: Rep, original: Original, form: ReturnForm) -> None:
    """Units of a sale as it was just read. Raises Refused where they are not there any more."""
    with transaction.atomic():
        checkout.do_once(rep.account, form.cleaned_data["action_id"])
        in_hand = Sale.in_hand(rep)
        # One at a time, so that no two carts take the same units back; after the cart, as
        # everywhere.
        Account.objects.select_for_update(no_key=True).get(pk=rep.account_id)
        if originals.in_carts_of(rep.account, original.sale.sale_id) != original.in_our_carts:
            raise CartChanged(_("Something of this sale came back meanwhile. Look at it again."))
        lines = [
            _taken_back(line, form.units[line.sold.sale_line_id])
            for line in original.lines
            if line.sold.sale_line_id in form.units
        ]
        sale = in_hand or _cart_like(rep, original)
        sale.add_returns([_why(line, form) for line in lines], original.payments)


def take_back_without_receipt(rep: Rep, item: Item, form: WithoutReceiptForm) -> None:
    """At the price of today."""
    with transaction.atomic():
        checkout.do_once(rep.account, form.cleaned_data["action_id"])
        sale = Sale.cart_of(rep)
        line = SaleLine.of(sale, item)
        line.unit_quantity = -form.cleaned_data["units"]
        sale.add_returns([_why(line, form)], [])


def _taken_back(line: OriginalLine, units: int) -> SaleLine:
    if units not in line.choices:
        raise Refused(
            _("Of %(item)s only %(left)s can come back. Nothing was changed.")
            % {"item": line.description, "left": line.units_left}
        )
    return line.taken_back(units)


def _cart_like(rep: Rep, original: Original) -> Sale:
    """A cart of the same customer, taxed as the sale was."""
    sale = Sale.start(rep)
    taxes = rep.account.tax_categories.filter(lightspeed_id=original.sale.tax_category_id)
    sale.tax_category, sale.customer = taxes.first(), original.customer
    sale.discount = original.customer.terms.discount if original.customer else None
    sale.save(update_fields=["tax_category", "customer", "discount"])
    return sale


def _why(line: SaleLine, form: WhyForm) -> SaleLine:
    line.note = form.note
    line.is_restocked = not form.cleaned_data["set_aside"]
    return line
