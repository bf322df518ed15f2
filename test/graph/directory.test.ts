import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Actor, Standing } from "../../src/core/person.js";
import type { Permission } from "../../src/core/policy.js";
import { createDirectory, type DirectoryDeps } from "../../src/graph/create-directory.js";
import type { TokenSource } from "../../src/graph/graph-call.js";
import { FakeGraph, failingToken, fixedToken, hangingToken, type Reply, type Seen } from "./fake-graph.js";

const ME = "0b1c2d3e-0000-4000-8000-00000000000a";
const ACTOR: Actor = { tenantId: "tenant", userId: ME, name: "Kim", channelUserId: "29:kim" };
const ADMIN = { id: "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb", name: "Entra Backup Administrator" };
const GLOBAL = { id: "62e90394-69f5-4237-9190-012177145e10", name: "Global Administrator" };
const READER = { id: "f42252d9-5400-4d7b-b9ef-cc582dbb8577", name: "Entra Backup Reader" };
const ON_CALL = "6E000000-0000-4000-8000-0000000000CC";

interface Row {
	readonly role: { readonly id: string };
	readonly who: string;
	readonly scope?: string | null;
}

/** What the directory holds; a test changes what it is about. */
interface World {
	account: Reply;
	rows: Row[];
	memberOf: string[];
	/** Replies that come instead, by a part of the address. */
	instead: Record<string, Reply>;
}

let graph: FakeGraph;
let world: World;

beforeEach(async () => {
	graph = await FakeGraph.start();
	world = {
		account: { body: { id: ME, accountEnabled: true, userType: "Member" } },
		rows: [],
		memberOf: [],
		instead: {},
	};
	graph.answer = answer;
});
afterEach(() => graph.stop());

function answer({ url, body }: Seen): Reply {
	const instead = Object.entries(world.instead).find(([part]) => url.includes(part));
	if (instead) return instead[1];
	if (url.includes("/checkMemberGroups")) {
		const { groupIds } = JSON.parse(body) as { groupIds: string[] };
		const mine = world.memberOf.map((id) => id.toLowerCase());
		return { body: { value: groupIds.filter((id) => mine.includes(id)) } };
	}
	if (url.includes("/roleAssignments")) {
		const value = world.rows
			.filter((row) => url.includes(row.role.id))
			.map(({ role, who, scope = "/" }) => ({
				principalId: who,
				roleDefinitionId: role.id,
				directoryScopeId: scope,
			}));
		return { body: { value } };
	}
	return world.account;
}

function standing(
	permission: Permission = "cancel",
	credential: TokenSource = fixedToken(),
	settings: Partial<DirectoryDeps["settings"]> = {},
	timeouts: DirectoryDeps["timeouts"] = {},
): Promise<Standing> {
	return createDirectory({
		...graph.deps(credential),
		settings: {
			cancelRoles: [ADMIN, GLOBAL],
			cancelGroups: [],
			viewRoles: [ADMIN, GLOBAL, READER],
			allowGuests: false,
			...settings,
		},
		timeouts,
	}).standing(ACTOR, permission);
}

const calls = (part: string): Seen[] => graph.seen.filter(({ url }) => url.includes(part));

describe("a person's standing", () => {
	it("shows an assignment of their own, without asking about groups", async () => {
		world.rows = [
			{ role: ADMIN, who: ME.toUpperCase() },
			{ role: GLOBAL, who: "some-group" },
		];
		expect(await standing()).toEqual({
			kind: "read",
			at: "2026-08-20T10:00:00.000Z",
			accountEnabled: true,
			guest: false,
			grants: [{ by: "role", roleId: ADMIN.id, roleName: ADMIN.name }],
			scopedRoles: [],
		});
		expect(calls("checkMemberGroups")).toHaveLength(0);
	});

	it("asks v1.0 only, as something a person waits for", async () => {
		world.rows = [{ role: ADMIN, who: "some-group" }];
		await standing();
		expect(graph.seen.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
			`GET /v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '${GLOBAL.id}'`,
			`GET /v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '${ADMIN.id}'`,
			`GET /v1.0/users/${ME}?$select=id,accountEnabled,userType`,
			`POST /v1.0/users/${ME}/checkMemberGroups`,
		]);
		for (const { headers } of graph.seen) expect(headers["x-ms-throttle-priority"]).toBe("high");
	});

	it("shows a role held through a group", async () => {
		world.rows = [{ role: GLOBAL, who: "role-group" }];
		world.memberOf = ["ROLE-GROUP"];
		expect(await standing()).toMatchObject({
			grants: [{ by: "role", roleId: GLOBAL.id, roleName: GLOBAL.name, viaGroupId: "role-group" }],
		});
	});

	it("shows a group that may cancel, spelled as in the settings", async () => {
		world.memberOf = [ON_CALL.toLowerCase()];
		expect(await standing("cancel", fixedToken(), { cancelGroups: [ON_CALL, "other"] })).toMatchObject({
			grants: [{ by: "group", groupId: ON_CALL }],
		});
	});

	it("shows nothing for somebody who holds nothing", async () => {
		world.rows = [{ role: ADMIN, who: "somebody-else" }];
		expect(await standing()).toMatchObject({ kind: "read", grants: [], scopedRoles: [] });
	});

	it("does not count roles over a part of the tenant, but tells of them", async () => {
		world.rows = [
			{ role: ADMIN, who: ME, scope: "/administrativeUnits/emea" },
			{ role: GLOBAL, who: ME, scope: null },
			{ role: GLOBAL, who: "role-group", scope: "/administrativeUnits/emea" },
		];
		world.memberOf = ["role-group"];
		expect(await standing()).toMatchObject({
			grants: [],
			scopedRoles: [
				{ roleName: ADMIN.name, scope: "/administrativeUnits/emea" },
				{ roleName: GLOBAL.name, scope: "unknown" },
			],
		});
		expect(calls("checkMemberGroups")).toHaveLength(0);
	});

	it("asks about 45 groups in three calls, each of them once", async () => {
		const groups = Array.from({ length: 45 }, (_, index) => `group-${index}`);
		world.rows = groups.flatMap((who) => [
			{ role: ADMIN, who },
			{ role: GLOBAL, who },
		]);
		world.memberOf = ["group-44"];
		const read = await standing("cancel", fixedToken(), { cancelGroups: ["GROUP-1"] });
		const asked = calls("checkMemberGroups").map(({ body }) => JSON.parse(body).groupIds as string[]);
		expect(asked.map((ids) => ids.length).sort()).toEqual([20, 20, 5]);
		expect(asked.flat().sort()).toEqual([...groups].sort());
		expect(read).toMatchObject({
			grants: [
				{ roleId: ADMIN.id, viaGroupId: "group-44" },
				{ roleId: GLOBAL.id, viaGroupId: "group-44" },
			],
		});
	});

	it("follows the pages of a role's assignments", async () => {
		const row = { principalId: ME, roleDefinitionId: ADMIN.id, directoryScopeId: "/" };
		const next = `${graph.endpoint}/v1.0/roleManagement/more?$skiptoken=2`;
		world.instead = {
			[ADMIN.id]: { body: { value: [], "@odata.nextLink": next } },
			"roleManagement/more": { body: { value: [row] } },
		};
		expect(await standing()).toMatchObject({ grants: [{ by: "role", roleId: ADMIN.id }] });
	});

	it("is complete for viewing, with the reading roles", async () => {
		world.rows = [
			{ role: READER, who: ME },
			{ role: ADMIN, who: "role-group" },
		];
		world.memberOf = ["role-group"];
		expect(await standing("view")).toMatchObject({
			grants: [
				{ by: "role", roleId: READER.id },
				{ by: "role", roleId: ADMIN.id, viaGroupId: "role-group" },
			],
		});
	});

	it("does not look at reading roles for cancelling", async () => {
		world.rows = [{ role: READER, who: ME }];
		expect(await standing("cancel")).toMatchObject({ grants: [] });
		expect(calls(READER.id)).toHaveLength(0);
	});

	it("is read anew every time", async () => {
		world.rows = [{ role: ADMIN, who: ME }];
		await standing();
		world.rows = [];
		expect(await standing()).toMatchObject({ grants: [] });
	});

	it("ignores groups that were not asked about", async () => {
		world.rows = [{ role: ADMIN, who: "role-group" }];
		world.instead = { checkMemberGroups: { body: { value: ["another-group"] } } };
		expect(await standing()).toMatchObject({ grants: [] });
	});
});

describe("a person's account", () => {
	it.each([
		["Member", false],
		["member", false],
		["Guest", true],
		["guest", true],
		[null, true],
		["Stranger", true],
	])("with the user type %j: guest is %j", async (userType, guest) => {
		world.account = { body: { id: ME, accountEnabled: true, userType } };
		expect(await standing()).toMatchObject({ kind: "read", guest });
	});

	it("may be disabled", async () => {
		world.account = { body: { id: ME, accountEnabled: false, userType: "Member" } };
		world.rows = [{ role: ADMIN, who: ME }];
		expect(await standing()).toMatchObject({ kind: "read", accountEnabled: false });
	});

	it.each([null, undefined])("that hides accountEnabled (%j) was not shown to us", async (accountEnabled) => {
		world.account = { body: { id: ME, accountEnabled, userType: "Member" } };
		expect(await standing()).toMatchObject({ kind: "unreadable", why: "forbidden" });
	});

	it("that does not exist is not found", async () => {
		world.account = { status: 404 };
		expect(await standing()).toMatchObject({ kind: "unreadable", why: "not-found" });
	});

	it("of somebody else is not taken for theirs", async () => {
		world.account = { body: { id: "somebody-else", accountEnabled: true, userType: "Member" } };
		expect(await standing()).toMatchObject({ kind: "unreadable", why: "unavailable" });
	});
});

describe("assignments of other roles", () => {
	it("never count as the role that was asked for, even where the filter was ignored", async () => {
		const row = { principalId: ME, roleDefinitionId: READER.id, directoryScopeId: "/" };
		world.instead = { [ADMIN.id]: { body: { value: [row] } } };
		expect(await standing()).toMatchObject({ kind: "read", grants: [] });
	});
});

describe("a standing that cannot be read whole", () => {
	beforeEach(() => {
		// Enough to be allowed, if half a picture were enough.
		world.rows = [
			{ role: ADMIN, who: "role-group" },
			{ role: GLOBAL, who: "role-group" },
		];
		world.memberOf = ["role-group"];
	});

	const parts = ["$select=id", ADMIN.id, GLOBAL.id, "checkMemberGroups"];
	const faults: [string, Reply, string][] = [
		["HTTP 401", { status: 401 }, "forbidden"],
		["HTTP 403", { status: 403 }, "forbidden"],
		["HTTP 429", { status: 429 }, "throttled"],
		["HTTP 400", { status: 400 }, "unavailable"],
		["HTTP 500", { status: 500 }, "unavailable"],
		["a redirect", { status: 302, headers: { location: "/elsewhere" } }, "unavailable"],
		["no JSON", { body: "<html>" }, "unavailable"],
		["an odd shape", { body: { value: [7] } }, "unavailable"],
		["a broken connection", { fault: "break" }, "unavailable"],
		["no answer", { fault: "hang" }, "timeout"],
		["half a body", { fault: "half" }, "timeout"],
	];
	it.each(parts.flatMap((part) => faults.map(([name, reply, why]) => [name, part, why, reply] as const)))(
		"because of %s from %s is unreadable: %s",
		async (_name, part, why, reply) => {
			world.instead = { [part]: reply };
			const read = await standing("cancel", fixedToken(), {}, { standingMs: why === "timeout" ? 60 : 5_000 });
			expect(read).toMatchObject({ kind: "unreadable", why, detail: expect.stringMatching(/./) });
		},
	);

	it("because one of three group calls fails is unreadable", async () => {
		world.rows = Array.from({ length: 45 }, (_, index) => ({ role: ADMIN, who: `group-${index}` }));
		world.memberOf = ["group-0"];
		graph.answer = (request) => (request.body.includes("group-44") ? { status: 429 } : answer(request));
		expect(await standing()).toMatchObject({ kind: "unreadable", why: "throttled" });
	});

	it("because an assignment has no principal is unreadable", async () => {
		world.instead = {
			[ADMIN.id]: { body: { value: [{ roleDefinitionId: ADMIN.id, directoryScopeId: "/" }] } },
		};
		expect(await standing()).toMatchObject({ kind: "unreadable", why: "unavailable" });
	});

	it("because a page leads to another host is unreadable", async () => {
		world.instead = { [ADMIN.id]: { body: { value: [], "@odata.nextLink": "https://evil.example/" } } };
		expect(await standing()).toMatchObject({ kind: "unreadable", why: "unavailable" });
		expect(graph.seen.map(({ url }) => url).join()).not.toContain("evil");
	});

	it.each([
		["refuses", failingToken("entra-refused"), "forbidden"],
		["cannot be reached", failingToken("entra-unavailable"), "unavailable"],
		["hangs", hangingToken, "timeout"],
	])("because Entra %s is unreadable", async (_, credential, why) => {
		const read = await standing("cancel", credential, {}, { standingMs: 60 });
		expect(read).toMatchObject({ kind: "unreadable", why });
		expect(graph.seen).toHaveLength(0);
	});

	it("because all of it takes too long is unreadable, however quick each call is", async () => {
		const next = `${graph.endpoint}/v1.0/${ADMIN.id}/again`;
		const page: Reply = { body: { value: [], "@odata.nextLink": next } };
		world.instead = { [ADMIN.id]: page };
		const read = await standing("cancel", fixedToken(), {}, { standingMs: 1 });
		expect(read).toMatchObject({ kind: "unreadable", why: "timeout" });
	});

	it("keeps ids of people out of the log", async () => {
		const deps = graph.deps();
		world.instead = { checkMemberGroups: { status: 500 } };
		const settings = { cancelRoles: [ADMIN], cancelGroups: [], viewRoles: [ADMIN], allowGuests: false };
		await createDirectory({ ...deps, settings }).standing(ACTOR, "cancel");
		expect(deps.log.lines.map(({ level }) => level)).toContain("warn");
		expect(JSON.stringify(deps.log.lines)).not.toContain(ME);
	});
});
