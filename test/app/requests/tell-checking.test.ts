import { describe, expect, it } from "@jest/globals";
import type { SendProblem } from "../../../src/app/ports.js";
import { answerRequest } from "../../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../../src/app/requests/receive-request.js";
import type { Via } from "../../../src/app/store.js";
import type { Command } from "../../../src/core/requests/command.js";
import { waitFor } from "../../wait-for.js";
import { theDatabase, useDatabase } from "../database.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, runningJob } from "../world.js";

useDatabase();

const anna = person("Anna");
const bernard = person("Bernard");
const cancel = { kind: "cancel", jobId: JOB_ID } as const;
const status = { kind: "status", jobId: JOB_ID } as const;
const unconfirmed: SendProblem = { kind: "unconfirmed", detail: "502" };

describe("an answer that takes long", () => {
	/** A bot whose directory says who Anna is only when it is let, and that bears no silence. */
	function hangingWorld() {
		const world = createWorld(theDatabase());
		world.grant(anna, ADMIN_ROLE);
		world.grant(bernard, ADMIN_ROLE);
		let release = () => {};
		const released = new Promise<void>((resolve) => {
			release = resolve;
		});
		const { standing } = world.deps.directory;
		world.deps.directory.standing = async (actor, permission) => {
			if (actor.userId === anna.userId) await released;
			return standing(actor, permission);
		};
		Object.assign(world.deps, { silenceMs: 1 });
		let received = 0;
		/** Begins to answer, until what is being checked is to be told. */
		async function ask(command: Command, via: Via = "message") {
			const { request } = await receiveRequest(
				{
					dedupeKey: `key ${++received}`,
					actor: anna,
					conversation: conversation("chat"),
					command,
					via,
				},
				world.deps,
			);
			world.tasks.length = 0;
			const answering = answerRequest(request.id, world.deps);
			await waitFor(
				"the message to be planned",
				() => world.tasks.length,
				(planned) => planned > 0,
			);
			return { id: request.id, answering };
		}
		/** As when the answer is there. */
		async function answered({ answering }: { answering: Promise<void> }) {
			release();
			await answering;
			await world.settle();
		}
		const shown = () => world.sent.map(({ how, activityId, view }) => `${how} ${activityId} ${view.view}`);
		return { world, ask, answered, shown, release: () => release() };
	}
	const messages = () =>
		theDatabase().transaction((sql) =>
			sql.query<{ kind: string; state: string }>("select kind, state from messages order by created_at, id"),
		);

	it.each<[Via, Command]>([
		["message", status],
		["message", { kind: "jobs" }],
		["message", { kind: "whoami" }],
		["press-aside", status],
	])("is told to be on its way, and takes that message's place (%s, %j)", async (via, command) => {
		const { world, ask, answered } = hangingWorld();
		const asked = await ask(command, via);
		await world.settle();
		expect(world.sent).toMatchObject([
			{
				how: "post",
				view: { view: "working", requestId: asked.id, asked: command.kind, becomesAnswer: true },
			},
		]);
		expect(await messages()).toMatchObject([{ kind: "answer", state: "checking" }]);
		await answered(asked);
		expect(world.sent).toHaveLength(2);
		expect(world.sent[1]).toMatchObject({ how: "update", activityId: world.sent[0]?.activityId });
		expect(world.sent[1]?.view.view).not.toBe("working");
		expect(await messages()).toMatchObject([{ kind: "answer", state: "sent" }]);
		await world.advance(60_000);
		expect(world.sent).toHaveLength(2);
	});

	it("becomes the live card when it is a cancellation, and no other card appears", async () => {
		const { world, ask, answered } = hangingWorld();
		const asked = await ask(cancel);
		await world.settle();
		await answered(asked);
		const [first] = world.sent;
		expect(first).toMatchObject({ how: "post", view: { view: "working", jobId: JOB_ID } });
		expect(
			world.sent
				.slice(1)
				.every(({ how, activityId }) => how === "update" && activityId === first?.activityId),
		).toBe(true);
		expect(world.sent.at(-1)).toMatchObject({ view: { view: "live", cancellation: { state: "stopping" } } });
		expect(await messages()).toEqual([{ kind: "live", state: "sent" }]);
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(world.sent.filter(({ how }) => how === "post").map(({ view }) => view.view)).toEqual([
			"working",
			"follow-up",
		]);
	});

	it("becomes the live card also when the answer was found while the first message was under way", async () => {
		const { world, ask, answered, release } = hangingWorld();
		const asked = await ask(cancel);
		world.onSend = async () => {
			world.onSend = async () => {};
			release();
			await asked.answering;
		};
		await world.settle();
		await answered(asked);
		const [first, ...more] = world.sent;
		expect(first).toMatchObject({ how: "post", view: { view: "working" } });
		expect(more.length).toBeGreaterThan(0);
		expect(more.every(({ how, activityId }) => how === "update" && activityId === first?.activityId)).toBe(
			true,
		);
		expect(await messages()).toEqual([{ kind: "live", state: "sent" }]);
	});

	it("is sent instead when it was found before the first message left", async () => {
		const { world, ask, answered, shown } = hangingWorld();
		const asked = await ask(status);
		await answered(asked);
		expect(shown()).toEqual([`post ${world.sent[0]?.activityId} job`]);
	});

	it("is the live card alone when it was found before the first message left", async () => {
		const { world, ask, answered } = hangingWorld();
		await answered(await ask(cancel));
		expect(world.sent.filter(({ how }) => how === "post")).toMatchObject([{ view: { view: "live" } }]);
		expect(await messages()).toEqual([{ kind: "live", state: "sent" }]);
	});

	it("takes its place after a crash, too: the card does not say for ever that it is checked", async () => {
		const { world, ask, shown, release } = hangingWorld();
		const asked = await ask(status);
		await world.settle();
		// The process that was finding the answer is dead; another one takes its work up, slowly again.
		const other = createWorld(theDatabase());
		other.grant(anna, ADMIN_ROLE);
		Object.assign(other.deps, { silenceMs: 1 });
		const { standing } = other.deps.directory;
		other.deps.directory.standing = async (...of) => {
			await waitFor(
				"the message to be planned again",
				() => other.tasks.length,
				(planned) => planned > 0,
			);
			return standing(...of);
		};
		await answerRequest(asked.id, other.deps);
		await other.settle();
		expect(shown()).toEqual([`post ${world.sent[0]?.activityId} working`]);
		expect(other.sent).toMatchObject([
			{ how: "update", activityId: world.sent[0]?.activityId, view: { view: "job" } },
		]);
		release();
		await asked.answering;
	});

	it("is not told a second time to be on its way when its work is taken up again", async () => {
		const { world, ask, release } = hangingWorld();
		const asked = await ask(status);
		await world.settle();
		const again = answerRequest(asked.id, world.deps);
		await waitFor(
			"the message to be planned again",
			() => world.tasks.length,
			(planned) => planned > 0,
		);
		await world.settle();
		expect(world.sent).toHaveLength(1);
		release();
		await Promise.all([again, asked.answering]);
		await world.settle();
		expect(world.sent).toMatchObject([{ how: "post" }, { how: "update", view: { view: "job" } }]);
	});

	it("is sent once more as a new message when nobody knows whether the first one arrived", async () => {
		const { world, ask, answered } = hangingWorld();
		const asked = await ask(cancel);
		world.sendProblems.push(unconfirmed);
		await world.settle();
		await answered(asked);
		await world.advance(2_000);
		expect(world.sent.filter(({ how }) => how === "post")).toMatchObject([
			{ view: { view: "live", supersedes: true } },
		]);
		expect(await messages()).toEqual([{ kind: "live", state: "sent" }]);
	});

	it("is posted anew when somebody has deleted the message that it was to replace", async () => {
		const { world, ask, answered, shown } = hangingWorld();
		const asked = await ask(status);
		await world.settle();
		world.sendProblems.push({ kind: "gone", detail: "404" });
		await answered(asked);
		expect(shown().map((line) => line.replace(/activity-\d+ /u, ""))).toEqual(["post working", "post job"]);
	});

	it("shows a copy of the live card where that stands elsewhere in the conversation", async () => {
		const { world, ask, answered } = hangingWorld();
		const asked = await ask(cancel);
		await world.settle();
		await world.say(bernard, cancel);
		await answered(asked);
		const copy = { how: "update", view: { view: "live", copiedAt: expect.any(String) } };
		const there = world.sent.filter(({ activityId }) => activityId === world.sent[0]?.activityId);
		expect(there).toMatchObject([{ how: "post", view: { view: "working" } }, copy]);
	});

	it.each<Via>(["press", "press-in-list"])(
		"is not told by a message where a button waits for it: %s",
		async (via) => {
			const { world, release } = hangingWorld();
			const { request } = await receiveRequest(
				{ dedupeKey: "key", actor: anna, conversation: conversation("chat"), command: status, via },
				world.deps,
			);
			world.tasks.length = 0;
			const answering = answerRequest(request.id, world.deps);
			await new Promise((resolve) => setTimeout(resolve, 30));
			expect(world.tasks).toEqual([]);
			release();
			await answering;
		},
	);

	it("is answered all the same when it could not be told to be on its way", async () => {
		const { world, release, shown } = hangingWorld();
		const { request } = await receiveRequest(
			{ dedupeKey: "key", actor: anna, conversation: conversation("chat"), command: status, via: "message" },
			world.deps,
		);
		world.tasks.length = 0;
		let failures = 0;
		world.faults.beforeCommit = async () => {
			if (failures++ === 0) throw new Error("the database is away");
		};
		const answering = answerRequest(request.id, world.deps);
		await waitFor(
			"the failure",
			() => world.log.length,
			(lines) => lines > 0,
		);
		release();
		await answering;
		await world.settle();
		expect(world.log).toMatchObject([{ level: "warn", facts: { code: "checking-not-told" } }]);
		expect(shown()).toEqual([expect.stringMatching(/^post \S+ job$/u)]);
	});

	it("is told of only after two seconds", async () => {
		const world = createWorld(theDatabase());
		world.grant(anna, ADMIN_ROLE);
		await world.say(anna, status);
		expect(world.sent).toMatchObject([{ view: { view: "job" } }]);
	});
});
