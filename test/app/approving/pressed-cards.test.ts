import { describe, expect, it } from "@jest/globals";
import type { Via } from "../../../src/app/store.js";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import type { Command } from "../../../src/core/requests/command.js";
import { theDatabase, useDatabase } from "../database.js";
import { ADMIN_ROLE, createWorld, JOB_ID, person, runningJob } from "../world.js";

useDatabase();

const OTHER_JOB = `4${JOB_ID.slice(1)}`;
const guid = (n: number) => `bbbbbbbb-0000-4000-8000-00000000000${n}`;
const nora = person("Nora", guid(1));
const ada = person("Ada", guid(3));
const bob = person("Bob", guid(4));
/** Holds no role. */
const eve = person("Eve", guid(5));

function openWorld(mode: "on-request" | "two-person") {
	const world = createWorld(theDatabase());
	Object.assign(world.approvals, { mode });
	for (const admin of [ada, bob]) world.grant(admin, ADMIN_ROLE);
	/** Asks for approval to cancel a job; the request, and the card that stands in the chat for it. */
	const asked = async (jobId: string): Promise<{ record: Cancellation; card: string }> => {
		world.graph.job = runningJob({ id: jobId });
		await world.say(nora, { kind: "ask", jobId, reason: "wrong snapshot" });
		const waiting = await world.deps.store.read.waitingCancellations(nora.tenantId);
		const record = waiting.find((one) => one.jobId === jobId);
		const card = world.sent.findLast(({ view }) => view.view === "approval")?.activityId;
		if (!record || card === undefined) throw new Error("nothing was asked");
		return { record, card };
	};
	/** The jobs of which a message in Teams has told, one after the other. */
	const toldBy = (card: string) =>
		world.sent
			.filter(({ activityId }) => activityId === card)
			.map(({ view }) => ("cancellation" in view ? view.cancellation.jobId : view.view));
	const last = (card: string) => world.sent.findLast(({ activityId }) => activityId === card)?.view;
	return { world, asked, toldBy, last };
}

const approve = ({ id }: Cancellation): Command => ({
	kind: "decide",
	verdict: "approve",
	reference: id,
	edition: 1,
});

describe("a pressed card", () => {
	it.each([
		["somebody without the role", eve, "refused"],
		["somebody who holds it", ada, "done"],
	])("of one request never turns into that of another, which %s names", async (_who, who, told) => {
		const { world, asked, toldBy } = openWorld("on-request");
		const first = await asked(JOB_ID);
		const second = await asked(OTHER_JOB);
		const pressed = await world.pressed(who, approve(second.record), { card: first.card });
		expect(pressed.view).toMatchObject({
			note: { kind: told },
			cancellation: { jobId: OTHER_JOB },
		});
		await world.settle();
		expect(new Set(toldBy(first.card))).toEqual(new Set([JOB_ID]));
		expect(new Set(toldBy(second.card))).toEqual(new Set([OTHER_JOB]));
		const untouched = await world.deps.store.read.cancellation(first.record.id);
		expect(untouched?.state).toBe("awaiting-approval");
		expect(untouched).not.toHaveProperty("decisions");
	});

	it("of one request never turns into that of another, whose job is cancelled there", async () => {
		const { world, asked, toldBy } = openWorld("two-person");
		const first = await asked(JOB_ID);
		await asked(OTHER_JOB);
		await world.pressed(ada, { kind: "cancel", jobId: OTHER_JOB }, { card: first.card });
		await world.settle();
		expect(new Set(toldBy(first.card))).toEqual(new Set([JOB_ID]));
	});

	it.each(["press-aside", null] as const)(
		"that nobody can bring up to date is no copy of the request: %s",
		async (how) => {
			const { world, asked } = openWorld("two-person");
			const { record } = await asked(JOB_ID);
			await world.pressed(
				ada,
				approve(record),
				how === null ? { card: null, where: "third" } : { via: how, card: "aside", where: "third" },
			);
			await world.settle();
			const there = world.sent.filter(({ conversation }) => conversation === "third");
			expect(there.filter(({ view }) => view.view !== "told")).toEqual([]);
		},
	);

	it("that answered something else never turns into that of a request", async () => {
		const { world, asked, last } = openWorld("on-request");
		const { record } = await asked(JOB_ID);
		await world.say(ada, { kind: "jobs" });
		const list = world.sent.at(-1)?.activityId ?? "";
		await world.pressed(eve, approve(record), { card: list });
		await world.settle();
		expect(last(list)).toMatchObject({ view: "jobs" });
	});

	it("of one job turns into the request that waits for it, when it is cancelled there", async () => {
		const { world, asked, last } = openWorld("two-person");
		await asked(JOB_ID);
		await world.say(ada, { kind: "status", jobId: JOB_ID });
		const card = world.sent.at(-1)?.activityId ?? "";
		expect(last(card)).toMatchObject({ view: "job" });
		await world.pressed(ada, { kind: "cancel", jobId: JOB_ID }, { card });
		await world.settle();
		expect(last(card)).toMatchObject({ view: "approval" });
	});

	it.each<Via & ("press-in-list" | "press-aside")>(["press-in-list", "press-aside"])(
		"that others still need stays what it is, and the request is a card of its own: %s",
		async (via) => {
			const { world, asked } = openWorld("two-person");
			const { record } = await asked(JOB_ID);
			const before = world.views("approval").length;
			await world.pressed(ada, { kind: "cancel", jobId: JOB_ID }, { via, card: "list", where: "third" });
			await world.settle();
			const there = world.sent.filter(({ conversation }) => conversation === "third");
			expect(there.filter(({ activityId }) => activityId === "list").map(({ view }) => view.view)).toEqual(
				via === "press-in-list" ? ["jobs"] : [],
			);
			expect(world.views("approval")).toHaveLength(before + 1);
			expect(there.filter(({ how }) => how === "post").map(({ view }) => view)).toMatchObject(
				expect.arrayContaining([
					expect.objectContaining({
						view: "approval",
						cancellation: expect.objectContaining({ id: record.id }),
					}),
					expect.objectContaining({ view: "told", note: { kind: "done", what: "offered" } }),
				]),
			);
			expect(world.graph.posts).toEqual([]);
		},
	);
});
