import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createGraphCaller } from "../../src/graph/create-graph-caller.js";
import { createGroupNames } from "../../src/graph/name-groups.js";
import { FakeGraph, type Reply } from "./fake-graph.js";

const ADMINS = "9d000000-0000-4000-8000-000000000001";
const ON_CALL = "9D000000-0000-4000-8000-0000000000AA";
const HOUR_MS = 3_600_000;

describe("what groups are called", () => {
	let graph: FakeGraph;
	let now: Date;
	beforeEach(async () => {
		graph = await FakeGraph.start();
		now = new Date("2026-08-20T10:00:00Z");
		graph.answer = () => named({ [ADMINS]: "Recovery admins", [ON_CALL.toLowerCase()]: "On call" });
	});
	afterEach(() => graph.stop());

	const named = (names: Record<string, string | null>): Reply => ({
		body: { value: Object.entries(names).map(([id, displayName]) => ({ id, displayName })) },
	});
	function open(askedMs?: number) {
		const deps = { ...graph.deps(), clock: { now: () => now } };
		const names = createGroupNames(createGraphCaller(deps), { ...deps, ...(askedMs && { askedMs }) });
		return { names, log: deps.log };
	}

	it("is asked in one call of v1.0, and told by the ids as they were spelled", async () => {
		const { names } = open();
		expect(await names([ADMINS, ON_CALL])).toEqual({ [ADMINS]: "Recovery admins", [ON_CALL]: "On call" });
		expect(graph.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
			`GET /v1.0/groups?$select=id,displayName&$filter=id in ('${ADMINS}','${ON_CALL}')`,
		]);
	});

	it("is not asked again for an hour", async () => {
		const { names } = open();
		await names([ADMINS]);
		now = new Date(now.getTime() + HOUR_MS - 1);
		graph.answer = () => named({ [ADMINS]: "Another name" });
		expect(await names([ADMINS.toUpperCase()])).toEqual({ [ADMINS.toUpperCase()]: "Recovery admins" });
		expect(graph.seen).toHaveLength(1);
		now = new Date(now.getTime() + 1);
		expect(await names([ADMINS])).toEqual({ [ADMINS]: "Another name" });
		expect(graph.seen).toHaveLength(2);
	});

	it("is asked of those alone that are not known yet", async () => {
		const { names } = open();
		await names([ADMINS]);
		expect(await names([ADMINS, ON_CALL])).toEqual({ [ADMINS]: "Recovery admins", [ON_CALL]: "On call" });
		expect(graph.seen[1]?.url).toContain(`in ('${ON_CALL}')`);
	});

	it("is asked of fifteen at most, which is what Graph takes", async () => {
		const many = Array.from({ length: 16 }, (_, index) => `group-${index}`);
		await open().names(many);
		expect(graph.seen).toHaveLength(1);
		expect(graph.seen[0]?.url.match(/group-/gu)).toHaveLength(15);
	});

	it("is not asked where there is nothing to name", async () => {
		expect(await open().names([])).toEqual({});
		expect(graph.seen).toEqual([]);
	});

	it("leaves out a group without a name, one that is gone, and one that was not asked for", async () => {
		graph.answer = () => named({ [ADMINS]: null, other: "Other" });
		const { names } = open();
		expect(await names([ADMINS, ON_CALL])).toEqual({});
		expect(await names(["other"])).toEqual({ other: "Other" });
		expect(graph.seen).toHaveLength(2);
	});

	it.each<[string, Reply]>([
		["is not allowed", { status: 403 }],
		["fails", { status: 500 }],
		["breaks", { fault: "break" }],
		["is odd", { body: { value: [7] } }],
		["does not come in its time", { fault: "hang" }],
	])("is unknown, and asked again the next time, when the answer %s", async (_name, reply) => {
		const { names, log } = open(reply.fault === "hang" ? 300 : undefined);
		graph.answer = () => reply;
		expect(await names([ADMINS])).toEqual({});
		expect(log.lines.filter(({ level }) => level === "warn")).toMatchObject([
			{ fields: { code: "group-names-unreadable", detail: expect.stringMatching(/./u) } },
		]);
		graph.answer = () => named({ [ADMINS]: "Recovery admins" });
		expect(await names([ADMINS])).toEqual({ [ADMINS]: "Recovery admins" });
	});
});
