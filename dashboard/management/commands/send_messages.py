from django.core.management.base import BaseCommand, CommandError

from dashboard.mail.sending import deliver
from dashboard.models import QueuedMessage
from performance.clock import wall_clock


class Command(BaseCommand):
    help = (
        "Sends the e-mails that wait in the queue, by the mail server of EMAIL_URL, and empties "
        "those sent over 30 days ago. Run it every few minutes, by cron: the site tries each "
        "message at once, and what could not be sent then waits for this. It ends with 1 where a "
        "message could not be sent; it stays in the queue and is tried again later."
    )

    def handle(self, **options: object) -> None:
        done = deliver()
        left = QueuedMessage.objects.waiting(wall_clock()).count()
        said = f"{done.sent} sent, {done.failed} not sent, {left} waiting."
        if done.failed:
            raise CommandError(f"{said} The last error: {done.error}")
        self.stdout.write(said)
