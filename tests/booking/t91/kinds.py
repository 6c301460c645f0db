from booking import verbs
from booking.verbs import Kind


def verbs_of(kind: Kind) -> list[str]:
    """Returns the names of the product's verbs of this kind."""
    return sorted(
        name.rpartition(".")[2] for name, its in verbs.KINDS.items() if its == kind and name.startswith("booking.")
    )
