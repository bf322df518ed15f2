import { describe, expect, it } from "@jest/globals";
import { openEmergency } from "../../../src/core/approving/open-request.js";
import { anna, grant, job, START } from "../cancelling/story.js";
import { asked } from "./story.js";

describe("a cancellation that others must decide", () => {
	it("begins on its terms, and is shown where it was asked for and to whoever can decide", () => {
		const { record, effects } = asked({ required: 2 });
		expect(record).toMatchObject({
			state: "awaiting-approval",
			requester: anna,
			approval: { required: 2, edition: 1 },
			submitSeq: 0,
		});
		expect(effects.map(({ kind }) => kind)).toEqual([
			"watch",
			"expire",
			"remind",
			"remind",
			"post",
			"copies",
		]);
		expect(effects).toContainEqual({ kind: "post", message: "live", conversationKey: "chat" });
	});
});

describe("a cancellation in an emergency", () => {
	const asking = {
		id: "c",
		receipt: "RC-1",
		job: job("running"),
		requester: anna,
		grant,
		conversationKey: "chat",
		reason: "users are lost",
	};

	it("goes to Graph at once, in the name of whoever asked, and leaves a review open", () => {
		const { record, effects } = openEmergency(asking, START);
		expect(record).toMatchObject({
			state: "submitting",
			goAhead: { way: "emergency", at: START.toISOString(), by: anna, grant, reason: "users are lost" },
			review: { by: [anna], reason: "users are lost", seq: 0 },
		});
		expect(effects).toEqual([
			{ kind: "submit", seq: 0, afterMs: 0 },
			{ kind: "post", message: "live", conversationKey: "chat" },
			{ kind: "copies" },
			{ kind: "review", seq: 0, afterMs: 0 },
		]);
	});
});
