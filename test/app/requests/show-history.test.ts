import { describe, expect, it } from "@jest/globals";
import type { View } from "../../../src/app/views.js";
import { HISTORY_PAGE } from "../../../src/core/history.js";
import { theDatabase, useDatabase } from "../database.js";
import { storedCancellations } from "../stored-history.js";
import { ADMIN_ROLE, createWorld, JOB_ID, person, READER_ROLE } from "../world.js";

useDatabase();

const anna = person("Anna");
const bernard = person("Bernard");
const everything = { kind: "history", filter: { by: "all" } } as const;

type History = Extract<View, { view: "history" }>;

describe("asking for the history", () => {
	function worldWithReader() {
		const world = createWorld(theDatabase());
		world.grant(anna, READER_ROLE);
		return world;
	}
	type World = ReturnType<typeof worldWithReader>;

	const latest = (world: World) => world.views("history").at(-1)?.view as History;
	const receipts = ({ rows }: History) => rows.map(({ receipt }) => receipt);

	it("shows what was cancelled and how it stands, to somebody who may only look", async () => {
		const world = worldWithReader();
		world.grant(bernard, ADMIN_ROLE);
		await world.say(bernard, { kind: "cancel", jobId: JOB_ID, reason: "secret" });
		await world.say(anna, everything);
		expect(latest(world)).toMatchObject({
			filter: { by: "all" },
			page: 1,
			rows: [{ jobId: JOB_ID, state: "stopping", requesterName: "Bernard", others: 0 }],
		});
		expect(latest(world).next).toBeUndefined();
		expect(JSON.stringify(latest(world))).not.toMatch(/secret|Administrator/u);
	});

	it("is told to nobody without standing, as read at that moment, on any page", async () => {
		const world = worldWithReader();
		await storedCancellations(theDatabase(), 12);
		await world.say(anna, everything);
		expect(latest(world).rows).toHaveLength(HISTORY_PAGE);
		await world.say(bernard, everything);
		expect(world.views("history")).toHaveLength(1);
		expect(world.views("refusal")).toHaveLength(1);
		const next = { kind: "history-next", requestId: latest(world).requestId } as const;
		expect((await world.pressed(bernard, next)).view.view).toBe("refusal");
		world.grant(anna);
		expect((await world.pressed(anna, next)).view.view).toBe("refusal");
	});

	it("goes on where the card ends, in its place, and each cancellation is told once", async () => {
		const world = worldWithReader();
		await storedCancellations(theDatabase(), 2 * HISTORY_PAGE + 3);
		await world.say(anna, everything);
		const pages = [latest(world)];
		while (pages.at(-1)?.next) {
			const requestId = pages.at(-1)?.requestId ?? "";
			const pressed = await world.pressed(anna, { kind: "history-next", requestId });
			expect(pressed.as).toBe("card");
			pages.push(pressed.view as History);
		}
		expect(pages.map(({ page, rows }) => [page, rows.length])).toEqual([
			[1, HISTORY_PAGE],
			[2, HISTORY_PAGE],
			[3, 3],
		]);
		expect(new Set(pages.flatMap(receipts)).size).toBe(2 * HISTORY_PAGE + 3);
	});

	it("keeps to what was asked on the pages after the first", async () => {
		const world = worldWithReader();
		await storedCancellations(theDatabase(), 4 * HISTORY_PAGE);
		const filter = { by: "person", name: "Person 1", userId: "user-1" } as const;
		await world.say(anna, { kind: "history", filter });
		const first = latest(world);
		const { view } = await world.pressed(anna, { kind: "history-next", requestId: first.requestId });
		expect([...receipts(first), ...receipts(view as History)]).toEqual(
			Array.from({ length: 2 * HISTORY_PAGE }, (_, index) => `RC-${4 * HISTORY_PAGE - 1 - 2 * index}`),
		);
	});

	it.each([
		["no request at all", () => "00000000-0000-4000-8000-00000000dead"],
		["a request for something else", (other: string) => other],
	])("says that the page is not known when the button names %s", async (_what, requestId) => {
		const world = worldWithReader();
		await world.say(anna, { kind: "help" });
		const [other] = await theDatabase().transaction((sql) =>
			sql.query<{ id: string }>("select id from requests"),
		);
		const { view } = await world.pressed(anna, {
			kind: "history-next",
			requestId: requestId(other?.id ?? ""),
		});
		expect(view).toMatchObject({ view: "problem", code: "request-not-found" });
	});
});
