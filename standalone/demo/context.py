from django.http import HttpRequest

from standalone.demo.logins import DEMO_LOGINS


def demo_logins(request: HttpRequest) -> dict[str, object]:
    """Returns the logins that the sign-in page of a demo clinic shows; settings name it in demo mode only."""
    return {"demo_logins": DEMO_LOGINS}
