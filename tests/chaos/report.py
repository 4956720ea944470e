"""What a run has shown, for people and for `docs/reliability.md`."""

from tests.chaos.books import Findings
from tests.chaos.run import Run

SHOWN = 20


def tell(run: Run, findings: Findings) -> None:
    speed = run.diary.served / max(run.seconds, 1)
    print(f"\n{run.diary.served} sales in {run.seconds:.0f} s ({speed:.1f} a second)")
    _counts("What went wrong on purpose", run.trouble.done)
    faults = run.trouble.faults
    struck = +faults.struck
    kinds = f"{len(struck)} of {len(faults.kinds)} kinds of faults"
    _counts(f"{kinds} struck, {struck.total()} times", struck)
    if run.trouble.still_to_come:
        print(f"\nNever came about: {', '.join(run.trouble.still_to_come)}")
    _counts("Customers", _stories(run))
    _counts("What screens said", run.told)
    _counts("Sales by outcome", findings.outcomes)
    _counts("Forgotten by an older database", findings.forgotten)
    for name in ("lost", "doubled", "unflagged"):
        for each in getattr(findings, name)[:SHOWN]:
            print(f"{name}: {each}")
            _notes(run, each.partition(":")[0])
    for each in run.broken[:5]:
        print(f"broken here: {each}")
    recorded = run.recorded_seconds
    if recorded:
        p50, p95 = (recorded[int(len(recorded) * share)] for share in (0.5, 0.95))
        print(
            f"\nIn calm: {run.calm_sales} sales, {run.drips_a_sale:.1f} drips a sale, "
            f"recorded p50 {p50:.2f} s, p95 {p95:.2f} s"
        )
    print(f"What needs nobody was finished after {run.finished_after_seconds:.0f} s")
    print(
        f"\nSeed {run.seed}: {len(findings.lost)} lost, {len(findings.doubled)} doubled, "
        f"{findings.cents} off, {len(findings.unflagged)} unflagged"
    )


def _notes(run: Run, reference: str) -> None:
    for sale in (sale for sale, name in run.floor.references.items() if name == reference):
        for customer in run.diary.of(sale):
            print(f"    {customer.story}, in epoch {customer.epoch}: {'; '.join(customer.notes)}")


def _stories(run: Run) -> dict[str, int]:
    counted: dict[str, int] = {}
    for customer in run.diary.customers:
        paid = "paid" if customer.is_done else "did not pay"
        story = f"{customer.story or 'nothing found'}, {paid}"
        counted[story] = counted.get(story, 0) + 1
    return counted


def _counts(title: str, counted: dict[str, int]) -> None:
    if not counted:
        return
    print(f"\n{title}:")
    for name, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"  {count:6}  {name}")
