"""Every sentence of the presence rule, one test each; time is an argument."""

from datetime import UTC, datetime, timedelta

from app.presence import core

LIMITS = core.Limits(
    idle=timedelta(seconds=300),
    offline_after_idle=timedelta(seconds=900),
    leave_grace=timedelta(seconds=1.5),
    disconnect_grace=timedelta(seconds=10),
    typing=timedelta(seconds=5),
)
NOBODY = core.Member()


def at(seconds: float) -> datetime:
    return datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(seconds=seconds)


def join(member=NOBODY, sid="tab", seconds=0.0, **more):
    return core.connect(member, core.Connection(sid, active_at=at(seconds), **more))


def leave(member, seconds, sid="tab", clean=True):
    return core.leave(member, sid, at(seconds), clean=clean, limits=LIMITS)


def act(member, seconds, sid="tab", active=True, page=None):
    return core.act(member, sid, at(seconds), active=active, visible=True, page=page)


def lost(status, last_seen, seconds):
    return core.lost(status, last_seen, core.Departure(at(seconds), at(seconds) + LIMITS.disconnect_grace))


def seen(member, seconds):
    """What heads see, as the service asks for it."""
    return core.view(core.expire(member, at(seconds), LIMITS), at(seconds), LIMITS)


def status(member, seconds):
    return seen(member, seconds).status


# Connected or not


def test_somebody_without_connection_is_offline():
    assert seen(NOBODY, 0) == core.View("offline", None, False, None, False, None, None, 0)


def test_joining_makes_online_and_is_a_sign_of_life():
    view = seen(join(device="mobile", page="/boards/1"), 1)
    assert (view.status, view.last_seen, view.connections) == ("online", at(0), 1)
    assert (view.device, view.page, view.reconnecting) == ("mobile", "/boards/1", False)


def test_joining_twice_with_the_same_connection_counts_once():
    assert seen(join(join(), seconds=5), 6).connections == 1


def test_second_tab_keeps_user_online():
    member = join(join(), sid="second", seconds=200)
    assert status(member, 400) == "online"
    assert status(member, 500) == "idle"


def test_closing_one_of_two_tabs_changes_nothing():
    before = join(join(sid="second"), sid="tab")
    for clean in (True, False):
        after = leave(before, 3, clean=clean)
        assert status(after, 3) == "online"
        assert not seen(after, 3).reconnecting
        assert status(after, 60) == "online"
        assert seen(after, 60).connections == 1


def test_device_and_page_are_those_of_the_best_connection():
    member = join(join(sid="phone", device="mobile"), sid="tab", seconds=10, device="desktop")
    assert seen(member, 11).device == "desktop"
    assert seen(act(member, 12, sid="phone"), 13).device == "mobile"
    assert seen(act(member, 12, active=False), 13).device == "mobile"


# Grace


def test_clean_leave_is_believed_after_its_grace():
    member = leave(join(), 100)
    assert status(member, 101.4) == "online"
    assert status(member, 101.5) == "offline"


def test_lost_connection_is_believed_after_its_grace_counted_from_the_loss():
    member = leave(join(), 100, clean=False)
    assert status(member, 109.9) == "online"
    assert status(member, 110) == "offline"


def test_loss_that_is_found_late_is_believed_at_once():
    """The pings find it up to 18 seconds afterwards; the grace has passed by then."""
    assert status(leave(join(), 100, clean=False), 118) == "offline"


def test_whoever_is_gone_is_shown_as_reconnecting_until_it_is_believed():
    member = leave(join(), 100, clean=False)
    assert seen(member, 100).reconnecting
    assert seen(member, 109).reconnecting
    assert not seen(member, 110).reconnecting


def test_connection_that_is_ended_by_the_site_is_gone_at_once():
    member = core.drop(join(), "tab", at(50), LIMITS)
    assert seen(member, 50).status == "offline"
    assert seen(member, 50).last_seen == at(50)


def test_reload_within_the_grace_changes_nothing():
    for clean, back in ((True, 101.4), (False, 109)):
        member = leave(join(), 100, clean=clean)
        member = join(member, sid="reloaded", seconds=back)
        assert [status(member, s) for s in (back, 112, 399)] == ["online"] * 3
        assert not seen(member, back).reconnecting
        assert seen(member, 112).connections == 1


def test_first_word_on_how_a_connection_ended_stands():
    """leave_board, then the socket closes: the second does not begin a new grace."""
    member = leave(leave(join(), 100), 101, clean=False)
    assert status(member, 101.5) == "offline"


def test_departing_connection_does_not_become_idle():
    member = leave(join(), 299, clean=False)
    assert status(member, 305) == "online"


# Last seen


def test_last_seen_is_the_moment_of_the_loss_for_who_was_active():
    for clean in (True, False):
        assert seen(leave(join(), 100, clean=clean), 200).last_seen == at(100)


def test_last_seen_is_the_last_input_for_who_was_idle():
    assert seen(leave(act(join(), 20), 700), 800).last_seen == at(20)
    assert seen(leave(act(join(), 20, active=False), 25), 800).last_seen == at(0)


def test_last_seen_is_the_latest_of_all_connections():
    member = act(join(join(sid="second")), 90, sid="second")
    member = leave(leave(member, 100), 95, sid="second", clean=False)
    assert seen(member, 200).last_seen == at(100)


def test_last_seen_never_steps_back():
    member = act(join(), 100)
    assert seen(act(member, 60), 101).last_seen == at(100)
    assert core.drop(member, "tab", at(70), LIMITS).last_seen == at(100)


# Idle and offline


def test_idle_after_the_threshold_without_input():
    assert status(join(), 299.9) == "online"
    assert status(join(), 300) == "idle"


def test_input_keeps_online():
    member = join()
    for seconds in range(0, 3000, 250):
        member = act(member, seconds)
        assert status(member, seconds + 250) == "online"


def test_page_may_say_by_itself_that_nobody_is_there():
    member = act(join(), 60, active=False)
    assert status(member, 60) == "idle"
    assert status(act(member, 61), 61) == "online"


def test_offline_after_idle_counts_from_the_last_input():
    member = act(join(), 100)
    assert status(member, 999.9) == "idle"
    assert status(member, 1000) == "offline"
    assert seen(member, 1000).last_seen == at(100)


def test_saying_idle_again_does_not_put_off_being_offline():
    member = act(join(), 800, active=False)
    assert status(member, 900) == "offline"


def test_input_after_that_brings_back_online():
    assert status(act(join(), 2000), 2000) == "online"


# Typing


def test_typing_expires_by_itself():
    member = core.type_(join(), "tab", "task", at(10), LIMITS)
    assert seen(member, 14.9)[2:4] == (True, "task")
    assert seen(member, 15)[2:4] == (False, None)


def test_typing_is_prolonged_by_the_next_key():
    member = core.type_(join(), "tab", None, at(10), LIMITS)
    member = core.type_(member, "tab", None, at(14), LIMITS)
    assert seen(member, 18).typing


def test_typing_counts_as_input():
    member = core.type_(act(join(), 5, active=False), "tab", None, at(280), LIMITS)
    assert seen(member, 500).status == "online"
    assert seen(member, 580).status == "idle"
    assert seen(member, 500).last_seen == at(280)


def test_typing_ends_when_the_page_says_so_or_goes():
    typing = core.type_(join(), "tab", None, at(10), LIMITS)
    for member in (core.stop_typing(typing, "tab"), leave(typing, 10), act(typing, 10, active=False)):
        assert not seen(member, 10).typing


def test_typing_of_one_tab_is_not_ended_by_another():
    typing = core.type_(join(join(sid="second")), "tab", None, at(10), LIMITS)
    for member in (core.stop_typing(typing, "second"), leave(typing, 10, sid="second")):
        assert seen(member, 11).typing


def test_typing_does_not_outlive_presence():
    """Only with a typing limit longer than the others, but it must hold for any settings."""
    short = core.Limits(*(timedelta(seconds=s) for s in (1, 2, 0, 0, 60)))
    member = core.type_(join(), "tab", None, at(0), short)
    assert not core.view(core.expire(member, at(2), short), at(2), short).typing


def test_strangers_connection_changes_nothing():
    member = join()
    assert act(member, 5, sid="other") == member
    assert core.type_(member, "other", None, at(5), LIMITS) == member
    assert leave(member, 5, sid="other") == member
    assert core.drop(member, "other", at(5), LIMITS) == member


# Coming back


def test_page_that_comes_back_by_itself_does_not_make_an_idle_person_online():
    member = leave(act(join(), 100), 500, clean=False)
    member = join(member, sid="again", seconds=505, active=False)
    assert status(member, 505) == "idle"
    assert seen(member, 505).last_seen == at(100)
    assert status(member, 1000) == "offline"


def test_page_that_comes_back_after_everything_was_believed_goes_on_from_last_seen():
    member = core.expire(leave(act(join(), 100), 500), at(600), LIMITS)
    member = join(member, sid="again", seconds=600, active=False)
    assert status(member, 600) == "idle"
    assert status(member, 1000) == "offline"


def test_page_that_is_new_and_inactive_is_idle_from_now():
    assert status(join(seconds=10, active=False), 11) == "idle"


def test_after_a_restart_who_was_online_is_on_the_way_back():
    member = lost("online", at(-500), 100)
    assert seen(member, 103)[:2] == ("online", at(-500))
    assert seen(member, 103).reconnecting
    assert seen(member, 103).connections == 0
    assert seen(member, 110)[:2] == ("offline", at(100))


def test_after_a_restart_who_was_idle_keeps_the_last_input():
    member = lost("idle", at(-500), 100)
    assert status(member, 103) == "idle"
    assert seen(member, 110)[:2] == ("offline", at(-500))


def test_after_a_restart_who_was_offline_stays_so():
    assert lost("offline", at(-500), 100) == core.Member(last_seen=at(-500))


def test_after_a_restart_who_comes_back_in_time_was_never_away():
    member = join(lost("online", at(-500), 100), seconds=105)
    assert [status(member, s) for s in (105, 111, 404)] == ["online"] * 3
    assert seen(member, 105).connections == 1


def test_after_a_restart_nobody_was_last_seen_before_what_is_recorded():
    """The row was written after the last life sign of the server."""
    member = lost("online", at(100), 99)
    assert seen(member, 200).last_seen == at(100)


def test_page_that_comes_back_by_itself_takes_over_the_latest_input_of_all():
    member = act(join(join(sid="second")), 100, sid="second")
    member = leave(leave(member, 500), 500, sid="second")
    assert status(join(member, sid="again", seconds=501, active=False), 999) == "idle"


# What people say of themselves


BUSY = core.Choice("busy", at(600), "Deep work", "\N{HEADPHONE}", at(1200))


def say(member=NOBODY, **choice):
    return core.choose(member, core.Choice(**choice))


def test_chosen_status_stands_over_the_automatic_one_as_long_as_somebody_is_connected():
    for chosen in ("away", "busy"):
        member = say(act(join(), 10), status=chosen)
        assert [status(member, s) for s in (10, 300, 900, 90_000)] == [chosen] * 4


def test_without_connection_nothing_that_was_chosen_is_shown():
    assert seen(core.choose(NOBODY, BUSY), 0) == seen(NOBODY, 0)
    member = leave(core.choose(join(), BUSY), 100)
    assert seen(member, 101)[:1] == ("busy",)
    assert seen(member, 101).reconnecting
    gone = seen(member, 102)
    assert (gone.status, gone.status_until, gone.custom_status, gone.custom_emoji) == (
        "offline",
        None,
        None,
        None,
    )


def test_words_and_emoji_go_with_every_status_but_offline():
    member = say(join(), custom_status="At the dentist", custom_emoji="\N{TOOTH}")
    for seconds, expected in ((0, "online"), (300, "idle")):
        view = seen(member, seconds)
        assert (view.status, view.custom_status, view.custom_emoji) == (
            expected,
            "At the dentist",
            "\N{TOOTH}",
        )
    hidden = seen(member, 900)
    assert (hidden.status, hidden.custom_status, hidden.custom_emoji) == ("offline", None, None)


def test_status_and_words_expire_each_at_its_own_moment():
    member = core.choose(act(join(), 599), BUSY)
    views = [seen(member, seconds) for seconds in (599.9, 600, 1199.9, 1200)]
    assert [(v.status, v.status_until, v.custom_status) for v in views] == [
        ("busy", at(600), "Deep work"),
        ("online", None, "Deep work"),
        ("idle", None, "Deep work"),
        ("idle", None, None),
    ]


def test_when_a_choice_expires_the_truth_of_the_moment_is_shown():
    for last_input, expected in ((500, "online"), (200, "idle")):
        member = say(act(join(), last_input), status="away", status_until=at(600))
        assert [status(member, s) for s in (599, 600)] == ["away", expected]
    assert status(say(join(), status="busy", status_until=at(2000)), 2000) == "offline"


def test_a_choice_is_no_sign_of_life_and_typing_shows_beside_it():
    assert seen(say(join(), status="busy"), 500).last_seen == at(0)
    member = core.type_(say(join(), status="busy"), "tab", "task", at(400), LIMITS)
    assert seen(member, 401)[:4] == ("busy", at(400), True, "task")


def test_last_seen_under_a_choice_is_that_of_the_input_beneath():
    assert seen(leave(say(join(), status="away"), 100), 200).last_seen == at(100)
    assert seen(leave(say(join(), status="busy"), 800), 900).last_seen == at(0)


def test_after_a_restart_who_was_busy_was_there_and_who_was_away_was_not():
    for recorded, left in (("busy", at(100)), ("away", at(-500))):
        member = say(lost(recorded, at(-500), 100), status=recorded)
        assert seen(member, 103)[:2] == (recorded, at(-500))
        assert seen(member, 103).reconnecting
        assert seen(member, 110)[:2] == ("offline", left)


# When to look again


def test_the_next_look_is_at_the_next_thing_that_changes_by_itself():
    def look(member, seconds):
        return core.next_change_at(member, at(seconds), LIMITS)

    assert look(NOBODY, 0) is None
    assert look(join(), 0) == at(300)
    assert look(join(), 300) == at(900)
    assert look(join(), 900) is None
    assert look(act(join(), 1, active=False), 1) == at(900)
    assert look(core.type_(join(), "tab", None, at(10), LIMITS), 10) == at(15)
    assert look(leave(join(), 100), 100) == at(101.5)
    assert look(leave(join(), 100, clean=False), 100) == at(110)
    assert look(core.choose(act(join(), 590), BUSY), 590) == at(600)
    assert look(core.choose(act(join(), 1100), BUSY), 1100) == at(1200)
    assert look(core.choose(NOBODY, BUSY), 0) is None


def test_after_restarts_in_a_row_the_grace_is_of_the_last_and_last_seen_of_the_first():
    member = core.lost("online", at(-500), core.Departure(at(100), at(130)))
    assert seen(member, 129.9)[:2] == ("online", at(-500))
    assert seen(member, 130)[:2] == ("offline", at(100))


# A person's own status


def test_own_status_is_the_best_of_the_boards():
    assert core.best_status(["offline", "idle", "online"]) == "online"
    assert core.best_status(["offline", "idle"]) == "idle"
    assert core.best_status(["online", "busy", "offline"]) == "busy"
    assert core.best_status(["offline", "away"]) == "away"
    assert core.best_status([]) == "offline"
