import { describe, expect, it } from "@jest/globals";
import { parseCommand } from "../../../src/core/requests/parse-command.js";

const ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const OTHER = "5d2b8f10-1111-4e7c-9c7b-13f8d44b20c4";
const all = { by: "all" };
const job = { by: "job", jobId: ID };
const hours = (count: number) => ({ by: "period", hours: count });
const person = (name: string) => ({ by: "person", name });

describe("history", () => {
	it.each([
		["history", all],
		["History please", all],
		["please history!", all],
		["history ???", all],
		[`history ${ID}`, job],
		[`history of the job ${ID.toUpperCase()}`, job],
		[`history {${ID}}`, job],
		[`history https://graph.microsoft.com/beta/directory/recovery/jobs/${ID}`, job],
		["history 7d", hours(168)],
		["history 24h", hours(24)],
		["history 2 weeks", hours(336)],
		["history 1 week", hours(168)],
		["history past 1 day", hours(24)],
		["history the last 1 hour", hours(1)],
		["history 7D team", person("7D team")],
		["history Team 7d", person("Team 7d")],
		["history of the last 3 days", hours(72)],
		["history Anna Berg", person("Anna Berg")],
		["history of Anna Berg", person("Anna Berg")],
		["history by My Nguyen", person("My Nguyen")],
		["history O'Neill, Seán", person("O'Neill, Seán")],
		["history 3660d", hours(87_840)],
		["history abcdef", person("abcdef")],
		["history Ben 2", person("Ben 2")],
		["history Mr 123456", person("Mr 123456")],
		["history 123456 Smith", person("123456 Smith")],
		[`history ${"x".repeat(64)}`, person("x".repeat(64))],
	])("understands %s", (text, filter) => {
		expect(parseCommand(text)).toEqual({ kind: "history", filter });
	});

	it.each([
		[`history ${ID} ${OTHER}`, "several-ids"],
		[`history of ${ID} and ${OTHER}`, "several-ids"],
		["history 0d", "no-such-period"],
		["history 99999d", "no-such-period"],
		["history 3661d", "no-such-period"],
		["history 3f4a6b60-7c1e", "not-an-id"],
		["history 12345678", "not-an-id"],
	])("asks back for %s", (text, problem) => {
		expect(parseCommand(text)).toMatchObject({ kind: "history-unclear", problem });
	});

	it("gives back the beginning of what is unclear, cut between characters", () => {
		const rest = `${ID} ${"x".repeat(26)}🧯 ${OTHER}`;
		expect(parseCommand(`history ${rest}`)).toMatchObject({ found: rest.slice(0, 63) });
	});

	it.each([`history ${"x".repeat(65)}`, "history 12 34", "historyless", "the history of it all"])(
		"is not what %s means",
		(text) => {
			expect(parseCommand(text).kind).toBe("unknown");
		},
	);

	it("never stands in the way of a cancel, and is none", () => {
		expect(parseCommand(`cancel job ${ID} because history repeats`)).toMatchObject({ kind: "cancel" });
		expect(parseCommand(`history cancel job ${ID}`).kind).not.toBe("cancel");
	});

	it("is suggested for what is nearly it", () => {
		expect(parseCommand("histroy 7d")).toMatchObject({ kind: "unknown", suggestion: "history 7d" });
	});
});
