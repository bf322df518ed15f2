import { describe, expect, it } from "@jest/globals";
import { anna, at, bernard, draw, ended, role } from "./fixtures.js";
import { keepGolden } from "./golden.js";

const grant = { by: "role", roleId: role.id, roleName: role.name } as const;
const terms = {
	mode: "on-request",
	required: 1,
	entitled: false,
	expiresAt: "2026-11-23T04:00:00Z",
	remindAt: [],
	edition: 1,
} as const;

describe("a request that others decide", () => {
	keepGolden(
		"approval",
		"reminder",
		"review",
		"told",
		"why",
		"can-i",
		"approvals",
		"approvals-here",
		"no-such-request",
		"no-emergency",
	);

	it("ends with a message that names who asked, why, who approved it, and their comment", () => {
		const record = {
			...ended({ state: "abandoned" }),
			approval: terms,
			decisions: [{ actor: bernard, verdict: "approve", at, grant, comment: "Go, quickly" }],
			goAhead: { way: "approved", at },
		} as const;
		const told = JSON.stringify(
			draw({ view: "follow-up", cancellation: record, conversationKey: "chat" }).card,
		);
		expect(told).toContain(`${anna.name} (“wrong snapshot`);
		expect(told).toContain("1 of 1: Bernard (“Go, quickly”)");
	});

	it("that was rejected says why, where whoever said no has said it", () => {
		const no = { actor: bernard, verdict: "reject", at, grant, comment: "This one is *wanted*" } as const;
		const record = { ...ended({ state: "rejected" }), approval: terms, decisions: [no] } as const;
		for (const view of ["live", "follow-up"] as const) {
			const { card, summary } = draw({ view, cancellation: record, conversationKey: "chat" });
			expect(JSON.stringify(card)).toContain("Bernard (“This one is \\\\*wanted\\\\*”) rejected it.");
			expect(summary).toContain("Bernard (“This one is *wanted*”) rejected it.");
		}
		const { comment: _none, ...bare } = no;
		const silent = draw({
			view: "live",
			cancellation: { ...record, decisions: [bare] },
			conversationKey: "chat",
		});
		expect(JSON.stringify(silent.card)).toContain("Bernard rejected it.");
	});

	it("that was skipped is reviewed with what became of the job in view", () => {
		const record = {
			...ended({ state: "abandoned" }),
			goAhead: { way: "emergency", at, by: bernard, grant, reason: "Users are lost" },
			review: { by: [bernard], reason: "Users are lost", seq: 1 },
		} as const;
		const { card } = draw({ view: "review", cancellation: record, conversationKey: "chat" });
		const shown = JSON.stringify(card);
		expect(shown).toContain("Recovery job stopped");
		expect(shown.split("Users are lost")).toHaveLength(2);
	});
});
