import { describe, expect, it } from "@jest/globals";
import type { SendProblem } from "../../../src/app/ports.js";
import type { View } from "../../../src/app/views.js";
import { theDatabase, useDatabase } from "../database.js";
import { ADMIN_ROLE, createWorld, JOB_ID, person, runningJob } from "../world.js";

useDatabase();

const anna = person("Anna");
const cancel = { kind: "cancel", jobId: JOB_ID, reason: "wrong snapshot" } as const;
const HOUR = 3_600_000;
const unconfirmed: SendProblem = { kind: "unconfirmed", detail: "502" };

describe("delivering a message", () => {
	function worldWithAdmin(...limits: [] | [object]) {
		const world = createWorld(theDatabase(), ...limits);
		world.grant(anna, ADMIN_ROLE);
		return world;
	}
	type World = ReturnType<typeof worldWithAdmin>;

	const created = (world: World, view: View["view"]) =>
		world.sent.filter((message) => message.how === "post" && message.view.view === view);
	/** Spoils sends of these views as new messages, as often as said; `delivered` ones arrive all the same. */
	function spoil(world: World, plan: Partial<Record<View["view"], number>>, delivered = false) {
		const left = { ...plan };
		const post = world.deps.messenger.post;
		world.deps.messenger.post = async (where, view) => {
			const times = left[view.view] ?? 0;
			if (times === 0) return post(where, view);
			left[view.view] = times - 1;
			if (delivered) await post(where, view);
			return unconfirmed;
		};
	}
	const abandon = (world: World) => {
		world.graph.job = runningJob({ status: "abandoned" });
	};

	it("tries again as late as Teams asks when it throttles", async () => {
		const world = worldWithAdmin();
		world.sendProblems.push({ kind: "retry", retryAfterMs: 5_000, detail: "429" });
		await world.say(anna, { kind: "help" });
		await world.advance(4_900);
		expect(world.sent).toHaveLength(0);
		await world.advance(200);
		expect(world.views("help")).toHaveLength(1);
	});

	it("waits longer after each failure, up to a minute", async () => {
		const world = worldWithAdmin();
		world.sendProblems.push(...Array.from({ length: 9 }, () => ({ kind: "retry", detail: "503" }) as const));
		await world.say(anna, { kind: "help" });
		await world.advance(1_000 + 2_000 + 4_000 + 8_000 + 16_000 + 32_000 + 60_000 + 60_000 + 59_000);
		expect(world.sent).toHaveLength(0);
		await world.advance(1_000);
		expect(world.views("help")).toHaveLength(1);
	});

	it("sends an answer again when nobody knows whether it arrived", async () => {
		const world = worldWithAdmin();
		spoil(world, { help: 2 });
		await world.say(anna, { kind: "help" });
		await world.advance(3_000);
		expect(created(world, "help")).toHaveLength(1);
		await world.advance(HOUR);
		expect(created(world, "help")).toHaveLength(1);
	});

	it("goes on ever more slowly while nobody knows, since each may have arrived", async () => {
		const world = worldWithAdmin();
		spoil(world, { help: 100 }, true);
		await world.say(anna, { kind: "help" });
		await world.advance(HOUR);
		expect(created(world, "help").length).toBeLessThan(25);
	});

	it("gives an answer up after two days", async () => {
		const world = worldWithAdmin();
		world.deps.messenger.post = async () => ({ kind: "retry", retryAfterMs: 6 * HOUR, detail: "429" });
		await world.say(anna, { kind: "help" });
		await world.advance(48 * HOUR);
		expect(world.tasks).toHaveLength(1);
		await world.advance(12 * HOUR);
		expect(world.tasks).toEqual([]);
		expect(await stateOf("answer")).toBe("failed");
	});

	it("sends a live card again that is in doubt, and says that this one counts", async () => {
		const world = worldWithAdmin();
		spoil(world, { live: 1 }, true);
		await world.say(anna, cancel);
		await world.advance(1_000);
		expect(created(world, "live")).toHaveLength(2);
		expect(world.views("live").at(-1)?.view).toMatchObject({
			supersedes: true,
			cancellation: { state: "stopping" },
		});
		abandon(world);
		await world.advance(10_000);
		expect(world.sent.filter((m) => m.how === "update").at(-1)).toMatchObject({
			activityId: created(world, "live")[1]?.activityId,
			view: { view: "live", cancellation: { state: "abandoned" } },
		});
	});

	it("announces the end once, however unclear, while a live card tells it and can be updated", async () => {
		const world = worldWithAdmin();
		spoil(world, { "follow-up": 1 }, true);
		await world.say(anna, cancel);
		abandon(world);
		await world.advance(HOUR);
		expect(created(world, "follow-up")).toHaveLength(1);
		expect(world.views("live").at(-1)?.view).toMatchObject({ announcementMissed: true });
		expect(await stateOf("follow-up")).toBe("unconfirmed");
	});

	it("announces the end once more when the live card is in doubt, too", async () => {
		const world = worldWithAdmin();
		spoil(world, { live: 10_000, "follow-up": 1 });
		await world.say(anna, cancel);
		abandon(world);
		await world.advance(HOUR);
		expect(created(world, "follow-up")).toHaveLength(1);
	});

	it("announces it no third time", async () => {
		const world = worldWithAdmin();
		spoil(world, { live: 10_000, "follow-up": 5 }, true);
		await world.say(anna, cancel);
		abandon(world);
		await world.advance(HOUR);
		expect(created(world, "follow-up")).toHaveLength(2);
		expect(await stateOf("follow-up")).toBe("unconfirmed");
	});

	it("lets the live card go first before it announces once more", async () => {
		const world = worldWithAdmin();
		spoil(world, { live: 5, "follow-up": 1 }, true);
		await world.say(anna, cancel);
		abandon(world);
		await world.advance(HOUR);
		expect(created(world, "follow-up")).toHaveLength(1);
		expect(world.views("live").at(-1)?.view).toMatchObject({ announcementMissed: true });
		const [line] = await theDatabase().transaction((sql) =>
			sql.query<{ line: string }>(
				"select line from audit_events where type = 'message.unconfirmed' order by seq desc limit 1",
			),
		);
		expect(JSON.parse(line?.line ?? "{}").facts.detail).toBe("not sent again: the live card tells the same");
	});

	it("tries an update again whatever came back", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.sendProblems.push(unconfirmed, unconfirmed);
		world.graph.job = runningJob({ status: "calculating" });
		await world.advance(6_000);
		expect(world.views("live").at(-1)).toMatchObject({
			how: "update",
			view: { cancellation: { seen: { status: "calculating" } } },
		});
		expect(created(world, "live")).toHaveLength(1);
	});

	it("never gives up the live card of an open cancellation, however long it is followed", async () => {
		const world = worldWithAdmin({ watchLimitMs: 168 * HOUR, poll: { minMs: 2_000, maxMs: 5 * HOUR } });
		await world.say(anna, cancel);
		const update = world.deps.messenger.update;
		world.deps.messenger.update = async () => ({ kind: "retry", retryAfterMs: 5 * HOUR, detail: "503" });
		world.graph.job = runningJob({ status: "calculating" });
		await world.advance(100 * HOUR);
		world.deps.messenger.update = update;
		await world.advance(5 * HOUR);
		expect(world.views("live").at(-1)?.view).toMatchObject({
			cancellation: { seen: { status: "calculating" } },
		});
	});

	it("takes a conversation for gone only when it is not found three times", async () => {
		const world = worldWithAdmin();
		const gone: SendProblem = { kind: "gone", detail: "404" };
		world.sendProblems.push(gone, gone);
		await world.say(anna, { kind: "help" });
		await world.advance(HOUR);
		expect(created(world, "help")).toHaveLength(1);
		world.sendProblems.push(gone, gone, gone);
		await world.say(anna, { kind: "help" });
		await world.advance(HOUR);
		expect(created(world, "help")).toHaveLength(1);
	});

	it("sends nothing again that was turned down, and says so on the live card", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.deps.messenger.post = async () => ({ kind: "rejected", detail: "403" });
		abandon(world);
		await world.advance(HOUR);
		expect(await stateOf("follow-up")).toBe("failed");
		expect(world.views("live").at(-1)?.view).toMatchObject({ announcementMissed: true });
		expect(world.tasks).toEqual([]);
	});

	it("posts the live card anew when somebody deleted it", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.sendProblems.push({ kind: "gone", detail: "404" });
		world.graph.job = runningJob({ status: "calculating" });
		await world.advance(3_000);
		expect(created(world, "live")).toHaveLength(2);
	});

	it("leaves the live card alone while the job shows nothing new", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		const before = world.sent.length;
		await world.advance(120_000);
		expect(world.sent).toHaveLength(before);
	});

	it("updates the live card with the counts that the job shows", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.graph.job = runningJob({ counts: { modifiedObjects: 900 } });
		await world.advance(2_500);
		expect(world.views("live").at(-1)?.view).toMatchObject({
			cancellation: { seen: { counts: { modifiedObjects: 900 } } },
		});
	});

	it("saves what Teams answered again until it is saved, and sends nothing twice for it", async () => {
		const world = worldWithAdmin();
		let failures = 3;
		world.onSend = async () => {
			world.faults.beforeCommit = async () => {
				if (failures-- > 0) throw new Error("the database went away");
			};
		};
		await world.say(anna, { kind: "help" });
		await world.advance(HOUR);
		expect(created(world, "help")).toHaveLength(1);
		expect(await stateOf("answer")).toBe("sent");
		expect(world.log.filter((line) => line.facts.code === "send-not-saved")).toHaveLength(3);
	});

	it.each([
		["retry", "send-retry"],
		["unconfirmed", "send-unconfirmed"],
		["rejected", "send-rejected"],
		["gone", "send-gone"],
	] as const)(
		"logs a send that ended as %s in one line, with a code and without what was said",
		async (kind, code) => {
			const world = worldWithAdmin();
			world.sendProblems.push({ kind, detail: `answer ${kind}` });
			await world.say(anna, { kind: "help" });
			expect(world.log).toEqual([
				{
					level: "warn",
					facts: {
						code,
						messageId: expect.any(String),
						message: "answer",
						tries: 1,
						detail: `answer ${kind}`,
					},
					message: "a message was not delivered",
				},
			]);
		},
	);

	async function stateOf(kind: string): Promise<string | undefined> {
		const [row] = await theDatabase().transaction((sql) =>
			sql.query<{ state: string }>("select state from messages where kind = $1", [kind]),
		);
		return row?.state;
	}
});
