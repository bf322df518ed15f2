import { describe, expect, it } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import type { Standing } from "../../src/core/person.js";
import type { RefusalRule } from "../../src/core/policy.js";
import { anna, chat, draw, job, list, may } from "./fixtures.js";
import { keepGolden } from "./golden.js";

type Shown<Name extends View["view"]> = Extract<View, { view: Name }>;

const AT = "2026-11-23T03:00:00Z";

describe("an answer", () => {
	keepGolden(
		"job",
		"jobs",
		"already-ended",
		"refusal",
		"unchecked",
		"standing",
		"help",
		"malformed",
		"unknown",
		"working",
		"history",
		"history-unclear",
	);

	const shown = (view: View) => JSON.stringify(draw(view).card);
	const ids = Array.from({ length: 11 }, (_, index) => `id-${index + 1}.`);
	const roles = ids.map((id) => ({ id, name: `role-${id}` }));
	const refused = (more: Pick<Shown<"refusal">, "grantingRoles" | "grantingGroups" | "groupNames">) =>
		shown({
			view: "refusal",
			asked: "cancel",
			actor: anna,
			permission: "cancel",
			rule: "no-role",
			scopedRoles: [],
			at: AT,
			...more,
		});
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

	it("names at most three roles and groups, and counts the others", () => {
		const refusal = refused({
			grantingRoles: roles,
			grantingGroups: ids.map((id) => `group-${id}`),
			groupNames: { "group-id-11.": "beyond" },
		});
		for (const what of ["role", "group"])
			expect(refusal).toContain(`${what}-id-1., ${what}-id-2., ${what}-id-3., and 8 more`);
		expect(refusal).not.toContain("id-4.");
	});

	it("names at most three grants, scoped roles and roles that would help", () => {
		const said = whoami(
			{
				grants: ids.map((groupId) => ({ by: "group", groupId })),
				scopedRoles: ids.map((id) => ({ roleName: `scoped-${id}`, scope: "/x" })),
			},
			{ grantingRoles: roles, why: "no-role" },
		);
		expect(said).toContain("member of group id-2., member of group id-3., and 8 more");
		expect(said).toContain("scoped-id-3. for /x, and 8 more");
		expect(said).toContain("role-id-3., and 8 more");
		expect(said).not.toContain("id-4.");
	});

	it("tells how somebody holds a role, and what the account is", () => {
		const role = { by: "role", roleId: "r", roleName: "Some*Role" } as const;
		expect(whoami({ grants: [role] })).toContain('"role Some\\\\*Role"');
		expect(whoami({ grants: [{ ...role, viaGroupId: "g_1" }] })).toContain(
			"role Some\\\\*Role, through group g\\\\_1",
		);
		expect(whoami({ grants: [{ by: "group", groupId: "g_1" }] })).toContain("member of group g\\\\_1");
		expect(
			whoami({ grants: [{ by: "group", groupId: "g_1" }] }, { groupNames: { g_1: "On *call*" } }),
		).toContain("member of group On \\\\*call\\\\*");
		expect(whoami({})).toContain("enabled, member");
		expect(whoami({ guest: true })).toContain("enabled, guest");
		expect(whoami({ accountEnabled: false })).toContain("disabled, member");
		expect(whoami({ accountEnabled: false, guest: true })).toContain("disabled, guest");
		expect(whoami({ scopedRoles: [{ roleName: "a*", scope: "/b*" }] })).toContain("a\\\\* for /b\\\\*");
	});

	it("names a group that would help, where its name is known", () => {
		const refusal = refused({
			grantingRoles: [],
			grantingGroups: ["g_1", "g_2"],
			groupNames: { g_1: "Recovery admins" },
		});
		expect(refusal).toContain("Recovery admins and g\\\\_2");
	});

	it("says that nothing counts only to somebody who may nothing", () => {
		expect(whoami({})).toContain("nothing that counts here");
		expect(whoami({}, { mayView: true })).not.toContain("nothing that counts here");
	});

	it("tells a role that would help only to whom a role is missing", () => {
		const refusal = (rule: RefusalRule) =>
			shown({
				view: "refusal",
				asked: "cancel",
				actor: anna,
				permission: "cancel",
				rule,
				scopedRoles: ["Some Role"],
				grantingRoles: [{ id: "r", name: "The Role" }],
				grantingGroups: ["g"],
				at: AT,
			});
		for (const rule of ["no-role", "scoped-role"] as const) {
			expect(refusal(rule)).toContain("The Role");
			expect(refusal(rule)).toContain("PIM");
		}
		for (const rule of ["guest", "account-disabled", "other-tenant", "no-identity"] as const)
			expect(refusal(rule)).not.toMatch(/The Role|PIM/u);
		expect(refusal("scoped-role")).toContain("You hold Some Role for a part of the organisation only");
		expect(whoami({}, { why: "guest", grantingRoles: roles })).not.toContain("role-id-1.");
	});

	it("says that nothing was sent to Graph only where something might have been", () => {
		const refusal = (permission: "cancel" | "view") =>
			shown({
				view: "refusal",
				asked: "cancel",
				actor: anna,
				permission,
				rule: "no-role",
				scopedRoles: [],
				grantingRoles: [],
				grantingGroups: [],
				at: AT,
			});
		expect(refusal("cancel")).toContain("Nothing was sent to Graph");
		expect(refusal("view")).not.toContain("sent to Graph");
		expect(refusal("view")).toContain("The attempt was recorded");
	});

	it("tells an outage of the directory as one, in amber, with what can be done", () => {
		const view = {
			view: "unchecked",
			actor: anna,
			asked: "cancel",
			problem: "timeout",
			requestId: "r-1",
			jobId: "j",
			at: AT,
		} as const;
		const said = shown(view);
		expect(said).toContain('"style":"warning"');
		expect(said).toContain("Could not check your role");
		expect(said).toContain("Nothing was sent; the job may still be running.");
		expect(said).toContain('"verb":"try-again"');
		expect(said).toContain('"url":"https://entra.example/"');
		expect(said).not.toMatch(/may not|What allows it/u);
		expect(shown({ ...view, asked: "jobs" })).not.toContain("Nothing was sent");
		const { requestId: _requestId, ...old } = { ...view, view: "refusal" as const };
		const refusal = {
			...old,
			permission: "cancel",
			rule: "unreadable-standing",
			scopedRoles: [],
			grantingRoles: [],
			grantingGroups: [],
		} as const;
		expect(shown(refusal)).toContain("Could not check your role");
		expect(shown(refusal)).not.toContain("try-again");
	});

	it("leaves away how long a job ran where that is not known", () => {
		const shownWith = (more: object) =>
			shown({ view: "jobs", ...list, running: [], ended: [job({ status: "failed", ...more })], readAt: AT });
		expect(shownWith({ startedAt: AT, endedAt: AT })).toContain("ran for 1 sec");
		expect(shownWith({ startedAt: AT })).not.toContain("ran for");
		expect(shownWith({ startedAt: undefined, endedAt: AT })).not.toContain("ran for");
		expect(shownWith({ startedAt: undefined })).toContain('"Failed"');
	});

	it("says that something stays applied only of a job that applies something", () => {
		const ended = (kind: "recovery" | "preview" | "unknown") =>
			shown({ view: "already-ended", job: job({ kind, status: "failed" }), readAt: AT });
		expect(ended("recovery")).toContain("stays applied");
		expect(ended("unknown")).toContain("stays applied");
		expect(ended("preview")).not.toMatch(/stays applied/iu);
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

	it("names the job that was meant in its example, when it is known", () => {
		const said = shown({ view: "malformed", verb: "cancel", problem: "no-reason", jobId: "j_1" });
		expect(said).toContain("cancel job j\\\\_1 because wrong snapshot");
		expect(said).toContain('"verb":"show-job"');
		expect(said).not.toContain("show-jobs");
	});

	it("names no job where none was asked for, and escapes what it names", () => {
		expect(shown({ view: "working", requestId: "r_1", jobId: "j_1" })).toContain("j\\\\_1");
		expect(shown({ view: "working", requestId: "r" })).not.toContain('"Job"');
		const open = { receipt: "RC-1", requesterName: "A*", followed: true };
		expect(shown({ view: "job", ...may, job: job(), readAt: AT, open })).toContain(
			"A\\\\* asked for it (RC-1)",
		);
	});

	it("greets where it hears only what mentions it by saying how", () => {
		const help = (more: object) => shown({ view: "help", ...chat, greeting: true, ...more });
		expect(help({ conversationType: "channel", botName: "Stop_bot" })).toContain("@Stop\\\\_bot jobs");
		expect(help({ conversationType: "groupChat", botName: "" })).toContain("@Recovery Control jobs");
		expect(help({ conversationType: "personal", botName: "Stop" })).not.toContain("@Stop");
		expect(help({})).toContain('"verb":"show-jobs"');
	});
});
