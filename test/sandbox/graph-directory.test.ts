import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ADMINS_GROUP, BACKUP_ADMINISTRATOR, BACKUP_READER, PEOPLE } from "../../sandbox/cloud/people.js";
import { type Cloud, startCloud } from "../../sandbox/cloud/start-cloud.js";
import { startTestCloud } from "../start-test-cloud.js";
import { type Answer, bearer, call } from "./call.js";

describe("the local Graph's directory", () => {
	let cloud: Cloud;
	let token: Record<string, string>;
	beforeAll(async () => {
		cloud = await startTestCloud();
		token = await bearer(cloud, "https://graph.microsoft.com");
	});
	afterAll(() => cloud?.stop());

	const get = (path: string) => call(cloud, path, { headers: token });
	const v1 = (path: string) => `${cloud.origin}/v1.0${path}`;
	const checkGroups = (userId: string, body: string) =>
		call(cloud, v1(`/users/${userId}/checkMemberGroups`), { method: "POST", headers: token, body });

	async function holders(roleId: string): Promise<{ principalId: string; directoryScopeId: string }[]> {
		const filter = encodeURIComponent(`roleDefinitionId eq '${roleId}'`);
		let next: string | undefined = v1(`/roleManagement/directory/roleAssignments?$filter=${filter}`);
		const rows = [];
		while (next !== undefined) {
			const page: Answer = await get(next);
			rows.push(...page.json.value);
			next = page.json["@odata.nextLink"];
		}
		return rows;
	}

	it("lists who holds a role, over several pages, with the scope of each", async () => {
		const rows = await holders(BACKUP_ADMINISTRATOR);
		expect(rows.map(({ principalId }) => principalId)).toEqual([
			PEOPLE.admin.userId,
			ADMINS_GROUP,
			PEOPLE.guest.userId,
			PEOPLE.disabled.userId,
			PEOPLE.scoped.userId,
		]);
		expect(rows.filter(({ directoryScopeId }) => directoryScopeId !== "/")).toMatchObject([
			{ principalId: PEOPLE.scoped.userId },
		]);
		expect(await holders(BACKUP_READER)).toHaveLength(1);
	});

	it("refuses a filter that Graph does not document", async () => {
		const filter = encodeURIComponent(`principalId eq '${PEOPLE.admin.userId}'`);
		const answer = await get(v1(`/roleManagement/directory/roleAssignments?$filter=${filter}`));
		expect(answer.status).toBe(400);
	});

	it("shows an account's state and type only when they are selected", async () => {
		const path = v1(`/users/${PEOPLE.disabled.userId}`);
		expect((await get(path)).json).toEqual({ id: PEOPLE.disabled.userId, displayName: "Lynne Robbins" });
		expect((await get(`${path}?$select=id,accountEnabled,userType`)).json).toEqual({
			id: PEOPLE.disabled.userId,
			accountEnabled: false,
			userType: "Member",
		});
	});

	it("shows what holds a role, and a group's members, with the account's state", async () => {
		const filter = encodeURIComponent(`roleDefinitionId eq '${BACKUP_ADMINISTRATOR}'`);
		const path = v1(`/roleManagement/directory/roleAssignments?$filter=${filter}&$expand=principal`);
		const [first, second] = (await get(path)).json.value;
		expect(first.principal).toMatchObject({
			"@odata.type": "#microsoft.graph.user",
			id: PEOPLE.admin.userId,
			accountEnabled: true,
			userType: "Member",
		});
		expect(second.principal).toEqual({ "@odata.type": "#microsoft.graph.group", id: ADMINS_GROUP });
		const members = v1(`/groups/${ADMINS_GROUP}/transitiveMembers?$select=id,accountEnabled,userType`);
		expect((await get(members)).json.value).toEqual([
			{
				"@odata.type": "#microsoft.graph.user",
				id: PEOPLE.admin2.userId,
				accountEnabled: true,
				userType: "Member",
			},
		]);
	});

	it("shows the accounts that are asked for by their ids, fifteen at a time", async () => {
		const accounts = (ids: readonly string[]) => {
			const filter = encodeURIComponent(`id in (${ids.map((id) => `'${id}'`).join(",")})`);
			return get(v1(`/users?$select=id,accountEnabled,userType&$filter=${filter}`));
		};
		expect((await accounts([PEOPLE.guest.userId, ADMINS_GROUP])).json).toEqual({
			value: [{ id: PEOPLE.guest.userId, accountEnabled: true, userType: "Guest" }],
		});
		expect((await accounts(Array(16).fill(ADMINS_GROUP))).status).toBe(400);
	});

	it("does not know a stranger", async () => {
		expect((await get(v1("/users/b0000000-0000-4000-8000-000000000001"))).status).toBe(404);
	});

	it("says in which of the asked groups somebody is", async () => {
		const body = JSON.stringify({ groupIds: [ADMINS_GROUP, "another"] });
		expect((await checkGroups(PEOPLE.admin2.userId, body)).json).toEqual({ value: [ADMINS_GROUP] });
		expect((await checkGroups(PEOPLE.admin.userId, body)).json).toEqual({ value: [] });
	});

	it("names the groups that are asked for by their ids, fifteen at a time", async () => {
		const groups = (ids: readonly string[]) => {
			const filter = encodeURIComponent(`id in (${ids.map((id) => `'${id}'`).join(",")})`);
			return get(v1(`/groups?$select=id,displayName&$filter=${filter}`));
		};
		expect((await groups([ADMINS_GROUP, "another"])).json).toEqual({
			value: [{ id: ADMINS_GROUP, displayName: "Recovery admins" }],
		});
		expect((await groups(Array(15).fill(ADMINS_GROUP))).status).toBe(200);
		expect((await groups(Array(16).fill(ADMINS_GROUP))).status).toBe(400);
		expect((await get(v1("/groups"))).status).toBe(400);
	});

	it("takes twenty group ids at a time", async () => {
		const groups = (count: number) => JSON.stringify({ groupIds: Array(count).fill(ADMINS_GROUP) });
		expect((await checkGroups(PEOPLE.admin.userId, groups(20))).status).toBe(200);
		expect((await checkGroups(PEOPLE.admin.userId, groups(21))).status).toBe(400);
		expect((await checkGroups(PEOPLE.admin.userId, "{not json")).status).toBe(400);
	});

	it("follows what a test changes, without touching the next cloud's world", async () => {
		cloud.directory.assignments.push({
			roleId: BACKUP_READER,
			principalId: PEOPLE.nobody.userId,
			scope: "/",
		});
		expect(await holders(BACKUP_READER)).toHaveLength(2);
		const other = await startCloud();
		expect(other.directory.assignments).toHaveLength(cloud.directory.assignments.length - 1);
		await other.stop();
	});
});
