import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
	type AttemptAnswer,
	isDue,
	isOpen,
	mayHaveReachedGraph,
} from "../../../src/core/cancelling/cancellation.js";
import {
	answerTo,
	denied,
	joined,
	missing,
	opened,
	play,
	posts,
	type Step,
	seen,
	standingLost,
	started,
	turnedDown,
	unreadable,
} from "./story.js";

describe("whatever happens in whatever order", () => {
	const ids = fc.constantFrom("a", "b", "c");
	const anyStep: fc.Arbitrary<Step> = fc.oneof(
		ids.map((id) => started(id)),
		fc
			.tuple(
				ids,
				fc.constantFrom<AttemptAnswer["kind"]>("accepted", "rejected", "throttled", "unclear"),
				fc.boolean(),
			)
			.map(([id, kind, status]): Step => answerTo(id, kind, status ? { httpStatus: 400 } : {})),
		fc.constantFrom("running", "calculating", "abandoned", "failed", "successful", "new-status").map(seen),
		fc.constantFrom<Step>(missing, denied, unreadable, standingLost, turnedDown, joined()),
		fc.constant<Step>({ kind: "standing-unreadable" }),
	);
	/** A step, seconds or many minutes after the one before. */
	const anyStory = fc
		.array(fc.tuple(fc.constantFrom(0.02, 0.02, 0.1, 5, 600), anyStep), { maxLength: 40 })
		.map((story) => {
			let minute = 0;
			return story.map(([pause, step]) => {
				minute += pause;
				return [minute, step] as const;
			});
		});

	it("no more is claimed than was seen", () => {
		fc.assert(
			fc.property(anyStory, (story) => {
				const { record, effects } = play(story);
				const arrived = record.attempts.some(mayHaveReachedGraph);
				if (record.state === "abandoned") {
					expect(record.seen?.status).toBe("abandoned");
					expect(record.attempts.length).toBeGreaterThan(0);
				}
				if (record.state === "too-late")
					expect(["successful", "failed", "abandoned"]).toContain(record.seen?.status);
				if (record.acceptedAt !== undefined)
					expect(record.attempts.some((a) => a.answer?.kind === "accepted")).toBe(true);
				if (record.state === "stopping") expect(arrived).toBe(true);
				if (record.state === "refused") expect(record.attempts.every((a) => a.answer)).toBe(true);
				if (!isOpen(record)) expect(record.outcome?.state).toBe(record.state);
				expect(posts(effects, "follow-up")).toHaveLength(
					isOpen(record) ? 0 : new Set(record.askers.map((a) => a.conversationKey)).size,
				);
			}),
			{ numRuns: 1_000 },
		);
	});

	it("an open cancellation has work to come, unless a POST or its judgement is under way", () => {
		fc.assert(
			fc.property(anyStory, (story) => {
				const { record, effects } = play(story);
				if (!isOpen(record)) return;
				const step = record.state === "stopping" ? "watch" : "submit";
				const seq = step === "watch" ? record.watch.seq : record.submitSeq;
				const all = [...opened().effects, ...effects];
				expect(all.filter((effect) => effect.kind === step && effect.seq === seq)).toHaveLength(1);
				expect(isDue(record, { step, seq })).toBe(true);
			}),
			{ numRuns: 1_000 },
		);
	});

	it("each step is planned once", () => {
		fc.assert(
			fc.property(anyStory, (story) => {
				const steps = play(story).effects.flatMap((e) => ("seq" in e ? [`${e.kind} ${e.seq}`] : []));
				expect(new Set(steps).size).toBe(steps.length);
			}),
			{ numRuns: 1_000 },
		);
	});
});
