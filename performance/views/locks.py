"""Locking a period whose figures are agreed, and lifting the lock."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from performance.changes.locks import AlreadyLocked, lift_lock, lock_period
from performance.forms.loads import LockLiftForm, PeriodLockForm
from performance.models import PeriodLock
from performance.presenters.locks import make_lock_line, make_locks_page
from performance.views.loads import who


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("performance.add_periodlock", raise_exception=True)
def locks(request: HttpRequest) -> HttpResponse:
    form = PeriodLockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = lock_period(by=who(request), **form.cleaned_data)
        except AlreadyLocked as already:
            by = already.lock.locked_by.get_username()
            form.add_error("period_start", f"These days are locked already, by {by}.")
        else:
            messages.success(request, f"Locked: {make_lock_line(made).days}.")
            return redirect("performance:locks")
    context = {"form": form, "page": make_locks_page()}
    return render(request, "performance/locks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("performance.unlock_period", raise_exception=True)
def lock_lift(request: HttpRequest, number: int) -> HttpResponse:
    found = PeriodLock.objects.select_related("locked_by", "lifted_by")
    held = found.in_force().filter(pk=number).first()
    if held is None:
        raise Http404(
            "There is no such lock in force. The page of the locks lists those there are."
        )
    form = LockLiftForm(request.POST if request.method == "POST" else None)
    line = make_lock_line(held)
    if form.is_valid():
        lifted = lift_lock(lock=held, by=who(request), **form.cleaned_data)
        said = "The lock is lifted" if lifted else "Somebody else lifted the lock first"
        messages.success(request, f"{said}: {line.days}.")
        return redirect("performance:locks")
    return render(request, "performance/lock_lift.html", {"form": form, "lock": line})
