"""Who works at the demo's organizations, and on what. Data only."""

PASSWORD = "workhub-demo"  # noqa: S105  # printed at every start of a demo

LOGINS = f"""Sign in with the password {PASSWORD} as
  head@acme.test   team head of three boards: watches who is there; also a member of Birch
  maya@acme.test   member (also omar@, lena@, kenji@, ines@, aisha@, tom@, sofia@, noah@)
  admin@acme.test, owner@acme.test   run the organization
  owner@birch.test   another organization;  piotr@birch.test   guest on one Acme board"""

PEOPLE = (
    ("owner", "Olivia Hart", "owner"),
    ("admin", "Adam Novak", "admin"),
    ("head", "Hanna Berg", "member"),
    ("maya", "Maya Rahman", "member"),
    ("omar", "Omar Khalil", "member"),
    ("lena", "Lena Sommer", "member"),
    ("kenji", "Kenji Tanaka", "member"),
    ("ines", "Ines Barros", "member"),
    ("aisha", "Aisha Nwosu", "member"),
    ("tom", "Tom Weber", "member"),
    ("sofia", "Sofia Rossi", "member"),
    ("noah", "Noah Lindqvist", "member"),
)
# person -> (status, words, emoji)
SAYINGS: dict[str, tuple[str | None, str, str]] = {
    "kenji": (None, "Working from Porto", "\N{SUN WITH FACE}"),
    "ines": ("busy", "Deep work, please leave a comment", "\N{HEADPHONE}"),
    "sofia": ("away", "Back after lunch", "\N{STEAMING BOWL}"),
}
GUEST = ("piotr", "Piotr Dudek")
IN_BOTH = "head"  # of Acme, and a member of Birch besides

COLORS = {
    "Website relaunch": "teal",
    "Autumn campaign": "orange",
    "Studio operations": "indigo",
    "Spring fair": "pink",
    "Client work": "green",
}
ARCHIVED = "Spring fair"
# board -> (members besides the head, lists -> tasks as (title, days until due or None))
BOARDS: dict[str, tuple[tuple[str, ...], dict[str, tuple[tuple[str, int | None], ...]]]] = {
    "Website relaunch": (
        ("owner", "maya", "omar", "lena", "kenji", "ines", "aisha", "tom", "sofia", "noah", "piotr"),
        {
            "Backlog": (
                ("Collect testimonials for the pricing page", 14),
                ("Audit the old redirects", None),
                ("Choose photos for the team page", 21),
                ("Write the press note", None),
            ),
            "In progress": (
                ("Rewrite onboarding copy for the new plan", 1),
                ("Navigation on small screens", -2),
                ("Cookie notice without dark patterns", 8),
            ),
            "Review": (
                ("Checkout: errors say how to mend them", 0),
                ("Performance budget in CI", 10),
            ),
            "Done": (
                ("Accessibility pass with a screen reader", None),
                ("Move images to AVIF", None),
            ),
        },
    ),
    "Autumn campaign": (
        ("maya", "lena", "aisha", "sofia", "admin"),
        {
            "Ideas": (("Postcards for returning customers", None), ("Guest article about slow travel", 12)),
            "Doing": (
                ("Landing page text", 2),
                ("November newsletter", 0),
                ("Book the photographer", -1),
            ),
            "Done": (("Agree on the budget", None),),
        },
    ),
    "Studio operations": (
        ("owner", "admin", "kenji", "tom", "noah"),
        {
            "This week": (("Renew the fire safety certificate", 3), ("Order monitor arms", 5)),
            "Next": (("Plan the winter party", 25), ("Compare phone contracts", None)),
            "Waiting": (("Answer from the landlord about bikes", -4),),
        },
    ),
    ARCHIVED: (
        ("maya", "tom"),
        {
            "To do": (),
            "Done": (("Send thank-you notes", None), ("Take the booth down", None), ("Pay the fair", None)),
        },
    ),
}
