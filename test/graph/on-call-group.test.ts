import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createOnCallGroup } from "../../src/graph/create-on-call-group.js";
import { FakeGraph, fixedToken, type Reply } from "./fake-graph.js";

const GROUP = "6e000000-0000-4000-8000-0000000000cc";
const KIM = "0b1c2d3e-0000-4000-8000-00000000000a";
const LEE = "0b1c2d3e-0000-4000-8000-00000000000b";
const kim = { tenantId: "tenant", userId: KIM, name: "Kim", channelUserId: "29:kim" };
const PEOPLE = `/v1.0/groups/${GROUP}/transitiveMembers/microsoft.graph.user`;

let graph: FakeGraph;
beforeEach(async () => {
	graph = await FakeGraph.start();
});
afterEach(() => graph.stop());

function group(groupId: string | undefined = GROUP) {
	return createOnCallGroup({ ...graph.deps(fixedToken()), groupId });
}

describe("the group of whoever is on call", () => {
	it("lists its people, through other groups too, page by page", async () => {
		graph.answer = ({ url }): Reply =>
			url.includes("more")
				? { body: { value: [{ id: LEE, displayName: null }] } }
				: {
						body: {
							"@odata.nextLink": `${graph.endpoint}${PEOPLE}?more`,
							value: [{ id: KIM.toUpperCase(), displayName: "Kim" }],
						},
					};
		expect(await group().people()).toEqual({
			kind: "listed",
			people: [
				{ userId: KIM, name: "Kim" },
				{ userId: LEE, name: "" },
			],
		});
		expect(graph.seen[0]?.url).toBe(`${PEOPLE}?$select=id,displayName&$top=999`);
	});

	it("says whether somebody is in it", async () => {
		graph.answer = ({ body }) => ({ body: { value: body.includes(GROUP) ? [GROUP.toUpperCase()] : [] } });
		expect(await group().includes(kim)).toEqual({ kind: "read", member: true });
		graph.answer = () => ({ body: { value: [] } });
		expect(await group().includes(kim)).toEqual({ kind: "read", member: false });
		expect(graph.seen.map(({ url }) => url)).toEqual(Array(2).fill(`/v1.0/users/${KIM}/checkMemberGroups`));
	});

	it.each([
		[403, "forbidden"],
		[404, "rejected"],
		[429, "throttled"],
		[500, "unavailable"],
	])("tells what went wrong, so that nobody is taken for absent: HTTP %i is %s", async (status, code) => {
		graph.answer = () => ({ status });
		expect(await group().people()).toMatchObject({ kind: "problem", code });
		expect(await group().includes(kim)).toMatchObject({ kind: "problem", code });
	});

	it("is empty without a call when none is set", async () => {
		const none = createOnCallGroup({ ...graph.deps(fixedToken()), groupId: undefined });
		expect([none.set, group().set]).toEqual([false, true]);
		expect(await none.people()).toEqual({ kind: "listed", people: [] });
		expect(await none.includes(kim)).toEqual({ kind: "read", member: false });
		expect(graph.seen).toEqual([]);
	});
});
