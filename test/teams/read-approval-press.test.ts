import { describe, expect, it } from "@jest/globals";
import { readPress } from "../../src/teams/read-activity.js";
import { readRefresh } from "../../src/teams/read-approval-press.js";

const ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const read = (verb: unknown, data: unknown) => readPress(verb, data)?.command;

describe("a button of a request", () => {
	it.each(["approve", "reject"] as const)("decides, with the edition that its card showed: %s", (verdict) => {
		expect(read(verdict, { id: ID, version: 3, comment: " go\u0000 on " })).toEqual({
			kind: "decide",
			verdict,
			reference: ID,
			edition: 3,
			comment: "go on",
		});
		expect(read(verdict, { id: ID, version: 3, comment: "  " })).not.toHaveProperty("comment");
		expect(read(verdict, { id: ID, version: 3, comment: { forged: true } })).not.toHaveProperty("comment");
	});

	it("asks for approval of the job that it names, like a typed id", () => {
		expect(read("ask-approval", { id: ID, version: 1, comment: "users are lost" })).toEqual({
			kind: "ask",
			jobId: ID,
			reason: "users are lost",
		});
		expect(read("ask-approval", { id: ID, version: 1 })).toEqual({ kind: "ask", jobId: ID });
		expect(read("ask-approval", { id: `${ID} because forged`, version: 1 })).toEqual({
			kind: "ask",
			jobId: ID,
			reason: undefined,
		});
		expect(read("ask-approval", { id: "x1", version: 1 })).toMatchObject({ kind: "malformed", verb: "ask" });
	});

	it("withdraws and acknowledges", () => {
		expect(read("withdraw", { id: ID, version: 1 })).toEqual({ kind: "withdraw", reference: ID });
		expect(read("acknowledge-review", { id: ID, version: 1, comment: "fine" })).toEqual({
			kind: "acknowledge",
			reference: ID,
			comment: "fine",
		});
	});

	it("is none without an id and a version, whatever else is sent", () => {
		for (const data of [undefined, {}, { id: ID }, { id: 7, version: 1 }, { id: ID, version: "1" }])
			expect(read("approve", data)).toBeUndefined();
		expect(read("approve-all", { id: ID, version: 1 })).toBeUndefined();
	});

	it("that only looks is told apart from those that do something", () => {
		expect(readRefresh("refresh-approval", { id: ID, version: 1 })).toBe(ID);
		expect(readRefresh("approve", { id: ID, version: 1 })).toBeUndefined();
		expect(readRefresh("refresh-approval", { version: 1 })).toBeUndefined();
		expect(read("refresh-approval", { id: ID, version: 1 })).toEqual({ kind: "why", reference: ID });
	});
});
