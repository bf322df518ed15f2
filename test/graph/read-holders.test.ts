import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createDirectory, type DirectoryDeps } from "../../src/graph/create-directory.js";
import { FakeGraph, type Reply, type Seen } from "./fake-graph.js";

const ADMIN = { id: "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb", name: "Entra Backup Administrator" };
const GLOBAL = { id: "62e90394-69f5-4237-9190-012177145e10", name: "Global Administrator" };
const READER = { id: "f42252d9-5400-4d7b-b9ef-cc582dbb8577", name: "Entra Backup Reader" };
const ON_CALL = "6E000000-0000-4000-8000-0000000000CC";
const GROUP = "9d000000-0000-4000-8000-000000000001";
const ME = "0b1c2d3e-0000-4000-8000-00000000000a";
const OTHER = "0b1c2d3e-0000-4000-8000-00000000000b";
const THIRD = "0b1c2d3e-0000-4000-8000-00000000000c";
const MEMBER = { accountEnabled: true, userType: "Member" };
const GUEST = { accountEnabled: true, userType: "Guest" };
const DISABLED = { accountEnabled: false, userType: "Member" };

let graph: FakeGraph;
beforeEach(async () => {
	graph = await FakeGraph.start();
});
afterEach(() => graph.stop());

function open(settings: Partial<DirectoryDeps["settings"]> = {}) {
	const deps = graph.deps();
	const directory = createDirectory({
		...deps,
		settings: {
			cancelRoles: [ADMIN, GLOBAL],
			cancelGroups: [],
			viewRoles: [READER],
			allowGuests: false,
			...settings,
		},
	});
	return { log: deps.log, holders: () => directory.holders() };
}
const holders = (settings: Partial<DirectoryDeps["settings"]> = {}) => open(settings).holders();

/** What the directory knows: assignments of the first role, the groups' members, and what it says of accounts. */
function tell(known: {
	readonly rows: readonly object[];
	readonly members?: Readonly<Record<string, readonly object[]>>;
	readonly accounts?: readonly object[] | Reply;
}) {
	const { rows, members = {}, accounts = [] } = known;
	graph.answer = ({ url }: Seen): Reply => {
		const group = Object.keys(members).find((id) => url.includes(`/groups/${id}/transitiveMembers`));
		if (group) return { body: { value: members[group] } };
		if (url.includes("/users?"))
			return Array.isArray(accounts) ? { body: { value: accounts } } : (accounts as Reply);
		return { body: { value: url.includes(ADMIN.id) ? rows : [] } };
	};
}
const row = (principalId: string, type: string, more: object = {}, directoryScopeId = "/") => ({
	principalId,
	roleDefinitionId: ADMIN.id,
	directoryScopeId,
	principal: { "@odata.type": `#microsoft.graph.${type}`, id: principalId, ...more },
});
const member = (id: string, type = "user", more: object = MEMBER) => ({
	"@odata.type": `#microsoft.graph.${type}`,
	id,
	...more,
});
const asked = (part: string) => graph.seen.filter(({ url }) => url.includes(part)).map(({ url }) => url);
const listed = (...userIds: string[]) => ({ kind: "listed", userIds });
const guid = (n: number) => `0b1c2d3e-0000-4000-8000-${String(n).padStart(12, "0")}`;

describe("who may decide", () => {
	it("is listed with one call a role and one a group, and none a person", async () => {
		tell({
			rows: [row(ME.toUpperCase(), "user", MEMBER), row(GROUP, "group")],
			members: { [GROUP]: [member(OTHER), member(ME)], [ON_CALL.toLowerCase()]: [] },
		});
		expect(await holders({ cancelGroups: [ON_CALL] })).toEqual(listed(ME, OTHER));
		expect(graph.seen).toHaveLength(4);
		expect(asked("/users")).toEqual([]);
		expect(asked("$expand=principal")).toHaveLength(2);
		expect(asked(`/groups/${GROUP}/`)).toEqual([
			`/v1.0/groups/${GROUP}/transitiveMembers?$select=id,accountEnabled,userType&$top=999`,
		]);
	});

	it("leaves out who holds the role for a part of the organisation only", async () => {
		tell({ rows: [row(ME, "user", MEMBER, "/administrativeUnits/x"), row(OTHER, "user", MEMBER)] });
		expect(await holders()).toEqual(listed(OTHER));
	});

	it("leaves out disabled accounts and guests, however they hold the role", async () => {
		tell({
			rows: [row(ME, "user", DISABLED), row(OTHER, "user", GUEST), row(GROUP, "group")],
			members: {
				[GROUP]: [member(guid(1), "user", GUEST), member(guid(2), "user", DISABLED), member(THIRD)],
			},
		});
		expect(await holders()).toEqual(listed(THIRD));
	});

	it("counts guests where guests may act", async () => {
		tell({ rows: [row(ME, "user", GUEST), row(OTHER, "user", { ...GUEST, accountEnabled: false })] });
		expect(await holders({ allowGuests: true })).toEqual(listed(ME));
	});

	it("leaves out apps, devices and groups in a group, and asks nothing about them", async () => {
		tell({
			rows: [row(ME, "servicePrincipal", { accountEnabled: true }), row(GROUP, "group")],
			members: { [GROUP]: [member(OTHER, "device"), member(guid(9), "group", {}), member(THIRD)] },
		});
		expect(await holders()).toEqual(listed(THIRD));
		expect(asked("/users")).toEqual([]);
	});

	it("asks about those alone of whom Graph did not say it, fifteen at a time", async () => {
		const bare = Array.from({ length: 16 }, (_, n) => guid(n));
		tell({
			rows: [
				row(ME, "user", MEMBER),
				{ ...row(OTHER, "user"), principal: null },
				...bare.map((id) => row(id, "user")),
			],
			accounts: [
				{ id: OTHER.toUpperCase(), ...MEMBER },
				{ id: guid(0), ...DISABLED },
				{ id: guid(1), ...GUEST },
				{ id: guid(2), ...MEMBER },
				{ id: guid(3), accountEnabled: true, userType: null },
				{ id: THIRD, ...MEMBER },
			],
		});
		// What is no account, such as an app that was shown without its type, is not among the answers.
		expect(await holders()).toEqual(listed(ME, OTHER, guid(2)));
		expect(asked("/users")).toHaveLength(2);
		expect(asked("/users")[0]).toContain("/v1.0/users?$select=id,accountEnabled,userType&$filter=id in ('");
		expect(asked("/users").map((url) => url.match(/0b1c2d3e/gu)?.length)).toEqual([15, 2]);
	});

	it("asks nothing about somebody of whom another list says it", async () => {
		tell({
			rows: [row(ME, "user"), row(GROUP, "group")],
			members: { [GROUP]: [member(ME, "user", DISABLED)] },
		});
		expect(await holders()).toEqual(listed());
		expect(asked("/users")).toEqual([]);
	});

	it.each<[string, Reply]>([
		["may not be read", { status: 403 }],
		["are an odd answer", { body: { value: [7] } }],
	])("counts those whose accounts %s, as long as nothing else is known of them", async (_name, accounts) => {
		tell({ rows: [row(ME, "user"), row(OTHER, "user", DISABLED), row(THIRD, "user", MEMBER)], accounts });
		const { holders, log } = open();
		expect(await holders()).toEqual(listed(ME, THIRD));
		expect(log.lines.filter(({ level }) => level === "warn")).toMatchObject([
			{ fields: { code: "holders-unchecked", detail: expect.stringMatching(/./u) } },
		]);
	});

	it("asks about sixty at most: about more of them nothing is asked, and they count", async () => {
		const many = Array.from({ length: 61 }, (_, n) => guid(n));
		tell({ rows: many.map((id) => row(id, "user")) });
		const { holders, log } = open();
		expect(await holders()).toEqual(listed(...many));
		expect(asked("/users")).toEqual([]);
		expect(log.lines.filter(({ level }) => level === "warn")).toMatchObject([
			{ fields: { code: "holders-unchecked" } },
		]);
	});

	it("is not said when any part of it cannot be read", async () => {
		tell({ rows: [row(GROUP, "group")] });
		const listing = graph.answer;
		graph.answer = (seen) => (seen.url.includes("/groups/") ? { status: 403 } : listing(seen));
		expect(await holders()).toEqual({ kind: "problem" });
		graph.answer = () => ({ status: 503 });
		expect(await holders()).toEqual({ kind: "problem" });
	});
});
