import { describe, expect, it } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import type { Standing } from "../../src/core/person.js";
import { anna, draw, job } from "./fixtures.js";
import { keepGolden } from "./golden.js";

const AT = "2026-11-23T03:00:00Z";

describe("an answer", () => {
	keepGolden(
		"job",
		"jobs",
		"already-ended",
		"refusal",
		"standing",
		"help",
		"malformed",
		"unknown",
		"working",
	);

	const shown = (view: View) => JSON.stringify(draw(view).card);
	const ids = Array.from({ length: 11 }, (_, index) => `id-${index + 1}.`);
	const roles = ids.map((id) => ({ id, name: `role-${id}` }));
	const whoami = (standing: Partial<Extract<Standing, { kind: "read" }>>, more: object = {}) =>
		shown({
			view: "standing",
			actor: anna,
			standing: {
				kind: "read",
				at: AT,
				accountEnabled: true,
				guest: false,
				grants: [],
				scopedRoles: [],
				...standing,
			},
			mayView: false,
			mayCancel: false,
			grantingRoles: [],
			...more,
		});

	it("names at most ten roles and groups", () => {
		const refusal = shown({
			view: "refusal",
			asked: "cancel",
			actor: anna,
			permission: "cancel",
			rule: "no-role",
			scopedRoles: ids.map((id) => `scoped-${id}`),
			grantingRoles: roles,
			grantingGroups: ids.map((id) => `group-${id}`),
			at: AT,
		});
		for (const what of ["scoped", "role", "group"]) {
			expect(refusal).toContain(`${what}-id-9., ${what}-id-10.`);
			expect(refusal).not.toContain(`${what}-id-11.`);
		}
	});

	it("names at most ten grants, scoped roles and roles that would help", () => {
		const said = whoami(
			{
				grants: ids.map((groupId) => ({ by: "group", groupId })),
				scopedRoles: ids.map((id) => ({ roleName: `scoped-${id}`, scope: "/x" })),
			},
			{ grantingRoles: roles },
		);
		expect(said).toContain("member of group id-9.; member of group id-10.");
		expect(said).toContain("scoped-id-9. for /x; scoped-id-10. for /x");
		expect(said).toContain("role-id-9., role-id-10.");
		expect(said).not.toContain("id-11.");
	});

	it("tells how somebody holds a role, and what the account is", () => {
		const role = { by: "role", roleId: "r", roleName: "Some*Role" } as const;
		expect(whoami({ grants: [role] })).toContain('"role Some\\\\*Role"');
		expect(whoami({ grants: [{ ...role, viaGroupId: "g_1" }] })).toContain(
			"role Some\\\\*Role, through group g\\\\_1",
		);
		expect(whoami({ grants: [{ by: "group", groupId: "g_1" }] })).toContain("member of group g\\\\_1");
		expect(whoami({ accountEnabled: false, guest: true })).toContain("disabled, guest");
		expect(whoami({ scopedRoles: [{ roleName: "a*", scope: "/b*" }] })).toContain("a\\\\* for /b\\\\*");
	});

	it("leaves away how long a job took where that is not known", () => {
		const list = (more: object) =>
			shown({
				view: "jobs",
				mayCancel: true,
				reasonRequired: false,
				beingCancelled: [],
				running: [],
				ended: [job({ status: "failed", ...more })],
				readAt: AT,
			});
		expect(list({ startedAt: AT, endedAt: AT })).toContain("took less than 1 s");
		expect(list({ startedAt: AT })).not.toContain("took");
		expect(list({ startedAt: undefined, endedAt: AT })).not.toContain("took");
		expect(list({ startedAt: undefined })).not.toContain("·");
	});

	it("says that something stays applied only of a job that applies something", () => {
		const ended = (kind: "recovery" | "preview" | "unknown") =>
			shown({ view: "already-ended", job: job({ kind, status: "failed" }), readAt: AT });
		expect(ended("recovery")).toContain("stays applied");
		expect(ended("unknown")).toContain("stays applied");
		expect(ended("preview")).not.toContain("stays applied");
	});

	it("shows what somebody typed as text alone, cut at 120 characters", () => {
		const typed = "*".repeat(130);
		for (const view of [
			{ view: "unknown", text: typed },
			{ view: "malformed", verb: "cancel", problem: "not-an-id", found: typed },
		] as const)
			expect(shown(view)).toContain(`“${"*".repeat(119)}…”`);
		expect(shown({ view: "malformed", verb: "cancel", problem: "no-id" })).not.toContain("“");
	});

	it("names no job where none was asked for, and escapes what it names", () => {
		expect(shown({ view: "working", requestId: "r_1", jobId: "j_1" })).toMatch(/j\\\\_1.*r\\\\_1/u);
		expect(shown({ view: "working", requestId: "r" })).not.toContain('"Job"');
		const open = { receipt: "RC-1", requesterName: "A*", followed: true };
		expect(
			shown({ view: "job", mayCancel: true, reasonRequired: false, job: job(), readAt: AT, open }),
		).toContain("cancelled for A\\\\* (RC-1)");
	});
});
