import { describe, expect, it } from "@jest/globals";
import { LONGEST_PROMISE_MIN } from "../../src/core/on-call/taking.js";
import { readPress } from "../../src/teams/read-activity.js";

const ID = "11111111-2222-4333-8444-666666666666";
const read = (verb: string, data: object) => readPress(verb, { id: ID, version: 3, ...data })?.command;

describe("a pressed button of an on-call card", () => {
	it("takes what the card showed, for as long as somebody wrote", () => {
		expect(read("take-incident", {})).toEqual({ kind: "take-incident", incidentId: ID, turn: 3 });
		for (const minutes of ["20", 20, "20.4"])
			expect(read("take-incident", { minutes })).toMatchObject({ minutes: 20 });
		for (const minutes of [1, LONGEST_PROMISE_MIN])
			expect(read("take-incident", { minutes })).toMatchObject({ minutes });
		expect(readPress("take-incident", { id: ID, version: 0 })?.via).toBe("press");
	});

	it.each(["", "soon", "-5", "0", 1_441, true, null, ["x"]])("promises nothing for %j minutes", (minutes) => {
		expect(read("take-incident", { minutes })).toEqual({ kind: "take-incident", incidentId: ID, turn: 3 });
	});

	it("releases, lets go of a job, and takes over what a handover shows", () => {
		expect(read("unfollow", {})).toEqual({ kind: "unfollow", jobId: ID });
		expect(read("release-incident", {})).toEqual({ kind: "release-incident", incidentId: ID });
		expect(read("take-handover", {})).toEqual({ kind: "take-over", handoverId: ID });
	});

	it("is none of ours without the id of a record", () => {
		for (const id of ["x", "11111111-2222-4333-8444-66666666666g", `${ID}'`, ""])
			expect(read("take-incident", { id })).toBeUndefined();
		expect(readPress("take-incident", { id: ID })).toBeUndefined();
		expect(readPress("steal-incident", { id: ID, version: 1 })).toBeUndefined();
	});
});
