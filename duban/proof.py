"""The coverage proof as a person reads it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from duban.console import in_words, say, table
from responsibilities.coverage import Coverage, Outcome, Sentence
from responsibilities.mechanisms import beats
from responsibilities.phases import phase_of, say_phase
from responsibilities.plan import Plan
from responsibilities.words import Words

OUTCOMES = {
    Outcome.DUTY: Words("职责", "duty"),
    Outcome.QUESTION: Words("待答复", "open question"),
    Outcome.METRIC: Words("指标", "metric"),
    Outcome.POLICY: Words("管总要求", "policy"),
    Outcome.RHETORIC: Words("宣示", "rhetoric"),
    Outcome.UNCOVERED: Words("未承接", "uncovered"),
}


def show(plan: Plan, proof: Coverage, everything: bool) -> str:
    """Counts, then what is missing; with `everything` each sentence with its duties."""
    blocks = [_counts(proof), *_bundles(plan)]
    if everything:
        blocks.append(_sentences(plan, proof.sentences))
    blocks += [_uncovered(sentence) for sentence in proof.uncovered]
    if proof.clauses_without_owner:
        listed = "、".join(proof.clauses_without_owner)
        blocks.append(say(f"没有承办职责的条款：{listed}", f"Clauses without an owner: {listed}"))
    names = {unit.id: unit.name for unit in plan.units}
    idle = [names[unit] for unit in proof.units_without_own_duty]
    if idle:
        listed = "、".join(idle)
        blocks.append(
            say(
                f"没有专属职责的单位（仅有全体单位的共同职责）：{listed}",
                f"Units without a duty of their own (only those of all units): {listed}",
            )
        )
    return "\n\n".join(blocks)


def _counts(proof: Coverage) -> str:
    counted = Counter(sentence.outcome for sentence in proof.sentences)
    listed = say("，", ", ").join(
        f"{in_words(words)} {counted[outcome]}"
        for outcome, words in OUTCOMES.items()
        if counted[outcome]
    )
    total = len(proof.sentences)
    if not total:
        return say(
            "没有可核对的方案原文；请在 plan 一节写明 text: 文件名。",
            "There is no text of the plan to prove; name its file as `text:` in the plan section.",
        )
    return say(f"方案原文 {total} 句：{listed}。", f"{total} sentences of the plan: {listed}.")


def _bundles(plan: Plan) -> Iterator[str]:
    """What runs in which phase, and who keeps each beat of a mechanism."""
    for phase in plan.phases:
        count = sum(duty.phase == phase.id for duty in plan.duties)
        named = in_words(say_phase(phase))
        yield say(f"工作阶段 {named}：{count} 项职责", f"phase {named}: {count} duties")
    for mechanism in plan.mechanisms:
        kept = say("；", "; ").join(
            f"{beat.name or '—'} → {'、'.join(beat.duties)}" for beat in beats(mechanism, plan)
        )
        yield say(f"机制“{mechanism.name}”：{kept}", f"mechanism “{mechanism.name}”: {kept}")


def bundles(plan: Plan) -> dict[str, object]:
    """The phases and mechanisms with their duties, for programs."""
    return {
        "phases": [
            {
                "id": phase.id,
                "name": phase.name,
                "first": phase.days.first.isoformat(),
                "last": phase.days.last.isoformat(),
                "duties": [duty.id for duty in plan.duties if duty.phase == phase.id],
            }
            for phase in plan.phases
        ],
        "mechanisms": [
            {"id": one.id, "name": one.name, "beats": [asdict(beat) for beat in beats(one, plan)]}
            for one in plan.mechanisms
        ],
    }


def _sentences(plan: Plan, sentences: tuple[Sentence, ...]) -> str:
    phases = {duty.id: phase.name for duty in plan.duties if (phase := phase_of(plan, duty))}
    head = (
        say("章节", "section"),
        say("去向", "became"),
        say("职责", "duties"),
        say("原文", "text"),
    )
    return table(
        head,
        [
            (
                s.section,
                in_words(OUTCOMES[s.outcome]),
                " ".join(f"{id_}〔{phases[id_]}〕" if id_ in phases else id_ for id_ in s.duties),
                s.text,
            )
            for s in sentences
        ],
    )


def _uncovered(sentence: Sentence) -> str:
    missing = "；".join(sentence.uncovered)
    return say(
        f"第 {sentence.line} 行（{sentence.section}）未承接：{missing}",
        f"line {sentence.line} ({sentence.section}) is not covered: {missing}",
    )
