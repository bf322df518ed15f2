import { describe, expect, it } from "@jest/globals";
import type { RecoveryJobs } from "../../../src/app/ports.js";
import { findJobs } from "../../../src/app/requests/find-jobs.js";
import type { Actor, Standing } from "../../../src/core/person.js";
import { person, policy, READER_ROLE, runningJob } from "../world.js";

const at = "2026-11-23T03:00:00Z";
const read = (...roles: (typeof READER_ROLE)[]): Standing => ({
	kind: "read",
	at,
	accountEnabled: true,
	guest: false,
	grants: roles.map((role) => ({ by: "role", roleId: role.id, roleName: role.name })),
	scopedRoles: [],
});
const unreadable: Standing = { kind: "unreadable", at, why: "throttled", detail: "429" };
const recovery = runningJob();
const preview = runningJob({ id: "5d2b8f10-1111-4e7c-9c7b-13f8d44b20c4", kind: "preview", status: "failed" });

/** What a search finds, and what was asked for it. */
async function search(
	text: string,
	world: {
		readonly actor?: Actor;
		readonly standing?: Standing;
		readonly list?: RecoveryJobs["list"];
	} = {},
) {
	const asked: string[] = [];
	const found = await findJobs(
		{ actor: world.actor ?? person("Anna"), text },
		{
			policy,
			budgetMs: 50,
			log: { info() {}, error() {}, warn: (facts) => void asked.push(JSON.stringify(facts)) },
			directory: {
				standing: async (_actor, permission) => {
					asked.push(permission);
					return world.standing ?? read(READER_ROLE);
				},
			},
			jobs: {
				list: world.list ?? (async () => ({ kind: "listed", jobs: [preview, recovery] })),
				read: () => Promise.reject(new Error("nothing else is read")),
				cancel: () => Promise.reject(new Error("nothing is cancelled")),
			},
		},
	);
	return { found, asked };
}

describe("looking for a job while writing a message", () => {
	it("finds those that fit, the running ones first, for somebody who may see jobs", async () => {
		expect(await search("")).toEqual({
			found: { kind: "found", jobs: [recovery, preview] },
			asked: ["view"],
		});
		expect((await search("3F4A6b")).found).toEqual({ kind: "found", jobs: [recovery] });
		expect((await search("failed preview")).found).toEqual({ kind: "found", jobs: [preview] });
		expect((await search("failed recovery")).found).toEqual({ kind: "not-found" });
	});

	it("shows no more than can be looked through", async () => {
		const many = Array.from({ length: 30 }, () => recovery);
		const { found } = await search("", { list: async () => ({ kind: "listed", jobs: many }) });
		expect(found).toMatchObject({ jobs: { length: 10 } });
	});

	it("shows nothing to those who may not look, and asks nothing for a stranger", async () => {
		expect((await search("", { standing: read() })).found).toEqual({ kind: "refused" });
		expect((await search("", { standing: unreadable })).found).toEqual({ kind: "unchecked" });
		const stranger = { ...person("Eve"), tenantId: "99999999-1111-4111-8111-111111111111" };
		expect(await search("", { actor: stranger })).toEqual({ found: { kind: "refused" }, asked: [] });
	});

	it("says that there is no list, rather than keep Teams waiting", async () => {
		const problem = { kind: "problem", code: "unavailable", detail: "HTTP 503" } as const;
		expect((await search("", { list: async () => problem })).found).toEqual({ kind: "unavailable" });
		const slow = await search("", { list: () => new Promise(() => {}) });
		expect(slow.found).toEqual({ kind: "unavailable" });
		expect(slow.asked.join()).toContain("search-unanswered");
	});
});
