import { describe, expect, it } from "@jest/globals";
import { askersLocale } from "../../../src/core/cancelling/cancellation.js";
import { openCancellation } from "../../../src/core/cancelling/submitting.js";

const requester = { tenantId: "t", userId: "anna", name: "Anna", channelUserId: "29:anna" };
const grant = { by: "group", groupId: "g" } as const;
const facts = {
	id: "c",
	receipt: "RC-1",
	job: { id: "job", kind: "recovery", status: "running", counts: {} },
	requester,
	grant,
	conversationKey: "chat",
} as const;
const openedAt = "2026-11-23T03:00:00.000Z";

describe("the first record of a cancellation", () => {
	it("holds who asked, where, what for and with which right, and plans the first submit", () => {
		expect(openCancellation({ ...facts, reason: "wrong" }, new Date(openedAt))).toStrictEqual({
			record: {
				id: "c",
				receipt: "RC-1",
				tenantId: "t",
				jobId: "job",
				jobKind: "recovery",
				state: "submitting",
				version: 1,
				requester,
				openedAt,
				grant,
				askers: [{ actor: requester, conversationKey: "chat", at: openedAt, reason: "wrong" }],
				attempts: [],
				seen: { at: openedAt, status: "running", counts: {} },
				submitSeq: 0,
				watch: { seq: 0, missing: 0, denied: 0, failed: 0 },
				reason: "wrong",
			},
			effects: [
				{ kind: "submit", seq: 0, afterMs: 0 },
				{ kind: "post", message: "live", conversationKey: "chat" },
			],
		});
	});

	it("holds no reason where none was given", () => {
		const { record } = openCancellation(facts, new Date(openedAt));
		expect(Object.keys(record)).not.toContain("reason");
		expect(Object.keys(record.askers[0] ?? {})).not.toContain("reason");
	});

	it("speaks the language of who asked, where they asked", () => {
		const { record } = openCancellation({ ...facts, locale: "de-DE" }, new Date(openedAt));
		const other = { actor: requester, conversationKey: "other", at: openedAt, locale: "fr-FR" };
		const asked = { ...record, askers: [...record.askers, other] };
		expect(askersLocale(asked, "chat")).toBe("de-DE");
		expect(askersLocale(asked, "other")).toBe("fr-FR");
		expect(askersLocale(asked, "elsewhere")).toBeUndefined();
	});
});
