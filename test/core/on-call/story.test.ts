import { describe, expect, it } from "@jest/globals";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import { openCancellation } from "../../../src/core/cancelling/submitting.js";
import { storyOf } from "../../../src/core/on-call/story.js";
import { job, minute, person } from "./on-call-story.js";

const at = (minutes: number) => minute(minutes).toISOString();
const anna = person("Anna");
const ben = person("Ben");
const clara = person("Clara");
const grant = { by: "group", groupId: "g" } as const;

function cancellation(changed: Partial<Cancellation> = {}): Cancellation {
	const { record } = openCancellation(
		{
			id: "c",
			receipt: "RC-1",
			job: job(),
			requester: anna,
			grant,
			conversationKey: "chat",
			reason: "wrong",
		},
		minute(1),
	);
	return { ...record, ...changed };
}
const joined = { actor: ben, conversationKey: "other", at: at(2) };
const yes = { actor: clara, verdict: "approve", at: at(3), grant, comment: "go" } as const;
const sent = { clientRequestId: "a", at: at(4), by: clara, grant };
const lines = (of: Cancellation) => storyOf(of).map(({ key: _key, at: _at, ...line }) => line);

describe("the story of a cancellation", () => {
	it("begins with who asked, and why", () => {
		expect(storyOf(cancellation())).toEqual([
			{ key: "c asked 0", at: at(1), what: "asked", name: "Anna", reason: "wrong" },
		]);
	});

	it("goes on, oldest first, to who joined and decided, on whose standing it was sent, and how it ended", () => {
		const outcome = { state: "abandoned" } as const;
		const whole = cancellation({
			decisions: [yes, { ...yes, actor: ben, verdict: "reject", at: at(3.5) }],
			goAhead: { way: "approved", at: at(3) },
			attempts: [sent, { ...sent, clientRequestId: "b", at: at(5), by: ben }],
			acceptedAt: at(5.5),
			endedAt: at(6),
			outcome,
		});
		expect(lines({ ...whole, askers: [...whole.askers, joined] })).toEqual([
			{ what: "asked", name: "Anna", reason: "wrong" },
			{ what: "asked", name: "Ben" },
			{ what: "decided", verdict: "approve", name: "Clara", comment: "go" },
			{ what: "decided", verdict: "reject", name: "Ben", comment: "go" },
			{ what: "sent", name: "Clara" },
			{ what: "sent", name: "Ben" },
			{ what: "accepted" },
			{ what: "ended", outcome },
		]);
		// Whoever joins late stands where they belong.
		const late = { ...joined, at: at(4.5) };
		expect(lines({ ...whole, askers: [...whole.askers, late] })[4]).toEqual({ what: "asked", name: "Ben" });
	});

	it.each(["alone", "emergency"] as const)("names who skipped the others: %s", (way) => {
		const ahead = cancellation({ goAhead: { way, at: at(3), by: clara, grant, reason: "users are lost" } });
		expect(lines(ahead)[1]).toEqual({ what: way, name: "Clara", reason: "users are lost" });
	});

	it("has a key for each line, by which it is told once, however the others change", () => {
		const before = cancellation({ attempts: [sent], decisions: [yes, { ...yes, actor: ben }] });
		const after = {
			...before,
			askers: [...before.askers, joined],
			attempts: [sent, { ...sent, clientRequestId: "b", at: at(5) }],
			goAhead: { way: "emergency", at: at(3), by: clara, grant } as const,
			acceptedAt: at(6),
			endedAt: at(7),
			outcome: { state: "abandoned" } as const,
		};
		const keys = storyOf(after).map(({ key }) => key);
		expect(keys).toEqual(expect.arrayContaining(storyOf(before).map(({ key }) => key)));
		expect(new Set(keys).size).toBe(9);
		const another = storyOf({ ...after, id: "d" }).map(({ key }) => key);
		expect(another.filter((key) => keys.includes(key))).toEqual([]);
	});

	it("does not tell an end of which nothing is known", () => {
		expect(lines(cancellation({ endedAt: at(6) }))).toHaveLength(1);
	});
});
