"""Letters go to posts. While a post is vacant they go up, and say for whom they were meant."""

from dataclasses import replace

import pytest

from responsibilities.plan import Plan, Post, Role
from responsibilities.promises import promise
from responsibilities.roles import UPWARDS, Addressee, resolve, resolve_all
from responsibilities.tasks import Promise
from tests.responsibilities.compiling import compiled
from tests.responsibilities.test_compile import MONTHLY


def the_plan() -> Plan:
    plan = compiled(MONTHLY).plan
    assert plan is not None
    return plan


def the_promise(plan: Plan) -> Promise:
    return promise(plan, 1, plan.duties[0])


def without(plan: Plan, *gone: str) -> Plan:
    """The plan while the posts with these mailboxes are vacant."""
    units = tuple(
        replace(u, mailboxes={r: m for r, m in u.mailboxes.items() if m not in gone})
        for u in plan.units
    )
    posts = tuple(Post(p.id, p.name, None) if p.mailbox in gone else p for p in plan.posts)
    return replace(plan, units=units, posts=posts)


def test_a_post_that_is_filled_gets_its_own_letter() -> None:
    found = resolve(the_plan(), "guard", Role.HEAD)
    assert found.addressees == (Addressee("guard-head@school.example", Role.HEAD, "保卫处负责人"),)
    assert found.vacant == ()


def test_a_vacant_deputy_is_passed_over_upwards_and_said() -> None:
    found = resolve(the_plan(), "guard", Role.DEPUTY)
    assert found.addressees == (
        Addressee("guard-head@school.example", Role.HEAD, "保卫处负责人", Role.DEPUTY),
    )
    assert found.vacant == (Role.DEPUTY,)


def test_a_letter_goes_up_step_by_step_to_the_group_leader() -> None:
    plan = the_plan()
    reached = []
    gone: list[str] = []
    while addressees := resolve(without(plan, *gone), "guard", Role.CONTACT).addressees:
        reached.append((addressees[0].role, addressees[0].mailbox))
        gone.append(addressees[0].mailbox)
    assert reached == [
        (Role.CONTACT, "guard@school.example"),
        (Role.HEAD, "guard-head@school.example"),
        (Role.LEADER, "safety@school.example"),
        (Role.OFFICE, "office@school.example"),
        (Role.OFFICE, "office-head@school.example"),
        (Role.DEPUTY_GROUP_LEADER, "deputy@school.example"),
        (Role.GROUP_LEADER, "leader@school.example"),
    ]


def test_above_the_group_leader_there_is_nobody_so_the_deputy_hears_it() -> None:
    plan = without(the_plan(), "leader@school.example")
    found = resolve(plan, "guard", Role.GROUP_LEADER)
    assert found.mailboxes == ("deputy@school.example",)
    assert found.vacant == (Role.GROUP_LEADER,)


def test_the_leader_of_the_duty_comes_before_the_leader_of_the_unit() -> None:
    plan = the_plan()
    assert resolve(plan, "nursing", Role.LEADER).vacant == (Role.LEADER,)
    assert resolve(plan, "nursing", Role.LEADER, the_promise(plan)).mailboxes == (
        "safety@school.example",
    )


def test_the_reviewer_is_a_post_or_the_contact_of_a_unit() -> None:
    plan = the_plan()
    made = the_promise(plan)
    assert resolve(plan, "nursing", Role.REVIEWER, made).addressees == (
        Addressee("safety@school.example", Role.REVIEWER, "分管安全校领导"),
    )
    by_office = replace(made, review="office")
    assert resolve(plan, "nursing", Role.REVIEWER, by_office).addressees == (
        Addressee("office@school.example", Role.REVIEWER, "办公室（审核）"),
    )
    vacant = without(plan, "safety@school.example")
    assert resolve(vacant, "nursing", Role.REVIEWER, made).addressees == (
        Addressee("office@school.example", Role.OFFICE, "办公室", Role.REVIEWER),
    )


def test_informed_units_each_get_a_letter() -> None:
    plan = the_plan()
    assert resolve(plan, "guard", Role.INFORMED, the_promise(plan)).mailboxes == (
        "nursing@school.example",
        "pharmacy@school.example",
    )


def test_two_roles_with_one_mailbox_get_one_letter() -> None:
    found = resolve_all(the_plan(), "guard", (Role.DEPUTY, Role.HEAD))
    assert found.addressees == (Addressee("guard-head@school.example", Role.HEAD, "保卫处负责人"),)


@pytest.mark.parametrize("role", UPWARDS)
def test_no_letter_is_lost_while_anybody_at_all_is_there(role: Role) -> None:
    plan = the_plan()
    everybody = [m for unit in plan.units for m in unit.mailboxes.values()]
    everybody += [post.mailbox for post in plan.posts if post.mailbox]
    gone = [mailbox for mailbox in everybody if mailbox != "office@school.example"]
    assert resolve(without(plan, *gone), "guard", role).mailboxes == ("office@school.example",)
