import { describe, expect, it } from "@jest/globals";
import {
	type AttemptAnswer,
	isDue,
	isOpen,
	mayHaveReachedGraph,
	wasSent,
} from "../../../src/core/cancelling/cancellation.js";
import { grant, opened } from "./story.js";

describe("a planned step", () => {
	const { record } = opened();
	const stopping = { ...record, state: "stopping", watch: { ...record.watch, seq: 3 } } as const;

	it("is due when the record waits for it, by its kind, its number and the state", () => {
		const submitting = { ...record, submitSeq: 2 };
		expect(isDue(submitting, { step: "submit", seq: 2 })).toBe(true);
		expect(isDue(submitting, { step: "submit", seq: 1 })).toBe(false);
		expect(isDue(submitting, { step: "watch", seq: 0 })).toBe(false);
		expect(isDue(stopping, { step: "watch", seq: 3 })).toBe(true);
		expect(isDue(stopping, { step: "watch", seq: 2 })).toBe(false);
		expect(isDue(stopping, { step: "submit", seq: 0 })).toBe(false);
		expect(isDue({ ...stopping, state: "abandoned" }, { step: "watch", seq: 3 })).toBe(false);
	});

	it("is open only before an end", () => {
		const states = ["submitting", "stopping", "abandoned", "too-late", "refused", "lost-track"] as const;
		expect(states.filter((state) => isOpen({ state }))).toEqual(["submitting", "stopping"]);
	});
});

describe("an attempt", () => {
	const { requester: by } = opened().record;
	const attempt = (answer?: Partial<AttemptAnswer>) => ({
		clientRequestId: "a",
		at: "",
		by,
		grant,
		...(answer ? { answer: { at: "", kind: "unclear" as const, ...answer } } : {}),
	});
	const sent = (answer?: Partial<AttemptAnswer>) => wasSent(attempt(answer));

	it("may have reached Graph unless Graph clearly put it off or turned it down", () => {
		const kinds = ["unclear", "accepted", "throttled", "rejected"] as const;
		expect(mayHaveReachedGraph(attempt())).toBe(true);
		expect(kinds.map((kind) => mayHaveReachedGraph(attempt({ kind })))).toEqual([true, true, false, false]);
	});

	it("was sent unless it was put off or turned down without an HTTP status", () => {
		expect([sent(), sent({ kind: "unclear" }), sent({ kind: "accepted", httpStatus: 202 })]).toEqual([
			true,
			true,
			true,
		]);
		for (const kind of ["throttled", "rejected"] as const)
			expect([sent({ kind }), sent({ kind, httpStatus: 429 })]).toEqual([false, true]);
	});
});
