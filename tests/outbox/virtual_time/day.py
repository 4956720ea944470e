"""A day in a shop: customers pay, and everything is done that may happen to processes, to the
database and to sales in Lightspeed. After the storm comes calm, in which all must come right."""

from salesfloor.outbox.next_action import Reason
from tests.outbox.virtual_time.courier import SETTLE_SECONDS, Owed, Process, Shop, Worker
from tests.outbox.virtual_time.lightspeed import Tender, There

# Once all is calm, what needs nobody is done within this.
FINISHED_WITHIN_SECONDS = 300.0
LONGEST_MISCHIEF_SECONDS = 600.0
# Longer than anything that was under way can still have an effect.
LEISURE_SECONDS = SETTLE_SECONDS + 30.0
BY_OTHER_HANDS = {
    Reason.CHANGED_THERE,
    Reason.GONE_THERE,
    Reason.PAID_THERE,
    Reason.DIFFERENT,
}
FOR_A_PERSON = {*BY_OTHER_HANDS, Reason.TOO_MANY_SENDS, Reason.PROVISIONAL_DIFFERED}


class Day(Shop):
    def __init__(self, seed: int, sales: int = 20) -> None:
        super().__init__(seed)
        self.storm_seconds = self.random.choice((300.0, 900.0, 1800.0))
        self.forgotten: list[Owed] = []
        for number in range(sales):
            self.begin(self.customer(number), after=self.random.uniform(0, self.storm_seconds))
        for _ in range(self.random.choice((0, 1, 3, 10, 30)) if self.trouble else 0):
            self.begin(self.mischief(), after=self.random.uniform(0, self.storm_seconds))

    def run(self) -> "Day":
        """Through the storm, and on until all that needs nobody should be done."""
        end = self.storm_seconds + 2 * FINISHED_WITHIN_SECONDS
        while self.agenda and self.now < end and not (self.is_calm and self.is_over):
            self.go_on()
            if self.is_calm:
                self.trouble = 0.0
        return self

    @property
    def is_calm(self) -> bool:
        return self.now > self.storm_seconds

    @property
    def is_over(self) -> bool:
        return not self.late_effects and all(
            owed.completed_at or owed.reason in FOR_A_PERSON for owed in self.owed
        )

    # --- Customers, and what a rep does ------------------------------------------------------

    def customer(self, number: int) -> Process:
        """Pays, in up to three tenders; now and then gets money back, or pays when Lightspeed is
        away."""
        cents = self.random.randint(1, 50_000) * self.random.choice((1, 1, 1, 1, -1))
        reference = f"SF-{number}"
        is_provisional = self.random.random() < 0.1 and cents > 0
        their_cents = cents
        if is_provisional and self.random.random() < 0.3:
            their_cents += self.random.choice((-100, 1))
        draft_id = None if is_provisional else self.lightspeed.create(reference, cents)
        tenders = self.tenders(reference, cents)
        owed = Owed(reference, cents, tenders, self.now, self.now, draft_id, their_cents)
        owed.is_provisional = is_provisional
        self.pay(owed)
        if draft_id and self.trouble and self.random.random() < 0.1:
            yield self.random.choice((0.0, self.random.uniform(0, 300)))
            self.meddle_with(self.lightspeed.sales[draft_id])

    def tenders(self, reference: str, cents: int) -> tuple[Tender, ...]:
        parts, left = [], cents
        for _ in range(self.random.choice((0, 0, 1, 2))):
            parts.append(int(left * self.random.random()))
            left -= parts[-1]
        return tuple(
            (f"{reference}-{number}", part)
            for number, part in enumerate(filter(None, [*parts, left]), 1)
        )

    def pay(self, owed: Owed) -> None:
        owed.pk = len(self.owed) + 1
        self.owed.append(owed)
        self.nudge()

    def pay_again(self, forgotten: Owed) -> Process:
        """The cart is open in the older copy of the database, its payment about to be answered."""
        if all(owed.reference != forgotten.reference for owed in self.owed):
            again = forgotten.kept()
            again.journal, again.under_way = [], []
            again.reason = again.completed_at = None
            again.paid_at = again.due_at = self.now
            again.look_wanted = True  # its price is from before this process
            if self.restores:
                self.be_in_doubt(again)
            self.pay(again)
        yield from ()

    # --- What is done to them -----------------------------------------------------------------

    def mischief(self) -> Process:
        deeds = (self.kill, self.kill, self.stop, self.keep_copy, self.meddle, self.ask_for_look)
        self.random.choice(deeds)()
        yield from ()

    def kill(self) -> None:
        """Its supervisor starts another one."""
        self.done["worker killed"] += 1
        self.replace_worker(self.one_of_the_workers())

    def one_of_the_workers(self) -> Worker:
        """More often than not the one that is at it."""
        at_it = self.turn and self.turn.worker
        return at_it if at_it and self.random.random() < 0.7 else self.random.choice(self.workers)

    def before_the_calm(self) -> float:
        longest = max(0.0, self.storm_seconds - self.now)
        return self.random.uniform(0, min(longest, LONGEST_MISCHIEF_SECONDS))

    def replace_worker(self, worker: Worker) -> None:
        worker.is_dead = True
        if self.turn and self.turn.worker is worker:
            self.turn = None
        self.workers[self.workers.index(worker)] = self.new_worker()
        self.nudge(after=self.random.uniform(0.5, 60))

    def stop(self) -> None:
        """While it is stopped its database session may end, and with it its lock."""
        worker = self.one_of_the_workers()
        worker.stopped_until = max(worker.stopped_until, self.now + self.before_the_calm())
        self.done["worker stopped"] += 1
        if self.turn and self.turn.worker is worker and self.random.random() < 0.7:
            self.done["worker stopped and overtaken"] += 1
            self.turn.is_over = True
            self.turn = None
            self.nudge(after=self.random.uniform(0.5, 60))

    def keep_copy(self) -> None:
        """To be restored in a hurry, or at leisure and with the mark beside the database."""
        kept = [owed.kept() for owed in self.owed]
        numbers = self.attempts, self.restores
        seconds = self.before_the_calm()
        if seconds > LEISURE_SECONDS:
            process = self.restore_at_leisure(kept, numbers)
            self.begin(process, after=seconds - LEISURE_SECONDS)
        else:
            self.begin(self.restore(kept, numbers), after=seconds)

    def restore(self, kept: list[Owed], numbers: tuple[int, int]) -> Process:
        """With all processes down. What was paid since is forgotten here, and not there."""
        self.done["older copy restored"] += 1
        self.attempts, self.restores = numbers
        known = {owed.reference for owed in kept}
        forgotten = [owed for owed in self.owed if owed.reference not in known]
        self.forgotten += forgotten
        self.owed = kept
        for worker in list(self.workers):
            self.replace_worker(worker)
        for owed in forgotten:
            if not owed.is_provisional and self.random.random() < 0.5:
                self.done["forgotten and paid once more"] += 1
                self.begin(self.pay_again(owed), after=self.random.uniform(0, 120))
        yield from ()

    def restore_at_leisure(self, kept: list[Owed], numbers: tuple[int, int]) -> Process:
        """Nothing tells that it is an older copy, but what was under way has come to its end."""
        self.done["older copy restored at leisure"] += 1
        self.down_until = self.now + LEISURE_SECONDS
        yield from self.restore(kept, numbers)
        self.mark_of_attempts, self.mark_of_restores = numbers

    def ask_for_look(self) -> None:
        for owed in self.owed:
            if not owed.completed_at:
                owed.look_wanted, owed.due_at = True, self.now
                self.done["look asked for"] += 1
        self.nudge()

    def meddle(self) -> None:
        """Somebody does something in Lightspeed to sales that are still open there."""
        for sale in list(self.lightspeed.sales.values()):
            if self.random.random() < 0.5:
                self.meddle_with(sale)

    def meddle_with(self, sale: There) -> None:
        if not sale.completed:
            self.touched.add(sale.reference)
            self.begin(self.random.choice((self.change, self.pay_there, self.archive))(sale))

    def change(self, sale: There) -> Process:
        self.done["changed by another hand"] += 1
        sale.cents += 500
        yield self.random.uniform(10, 900)
        if self.random.random() < 0.5 and not sale.completed:
            self.done["put right again"] += 1
            sale.cents -= 500

    def pay_there(self, sale: There) -> Process:
        self.done["paid by another hand"] += 1
        part = self.random.choice((1.0, 0.5))
        sale.payments.append(("", int((sale.cents - sale.paid) * part)))
        sale.completed = sale.paid == sale.cents
        yield from ()

    def archive(self, sale: There) -> Process:
        self.done["archived by another hand"] += 1
        sale.archived = True
        yield self.random.uniform(10, 900)
        if self.random.random() < 0.5:
            sale.archived = False
