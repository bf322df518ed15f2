import { describe, expect, it } from "@jest/globals";
import { answerWithFailure } from "../../src/app/requests/answer-request.js";
import { theDatabase, useDatabase } from "./database.js";
import { ADMIN_ROLE, createWorld, JOB_ID, person, runningJob } from "./world.js";

useDatabase();

const anna = person("Anna");
const cancel = { kind: "cancel", jobId: JOB_ID, reason: "wrong snapshot" } as const;

describe("a process that dies", () => {
	function worldWithAdmin() {
		const world = createWorld(theDatabase());
		world.grant(anna, ADMIN_ROLE);
		return world;
	}
	/** Graph stops the job, and the process dies before it hears of it. */
	async function killedWhileItAsks() {
		const world = worldWithAdmin();
		world.graph.onPost = async () => {
			world.graph.onPost = async () => {};
			world.graph.job = runningJob({ status: "abandoned" });
			throw new Error("killed");
		};
		await expect(world.say(anna, cancel)).rejects.toThrow("killed");
		return world;
	}
	const submit = async (seq: number) =>
		({ queue: "submit", data: { cancellationId: await onlyId("cancellations"), seq }, afterMs: 0 }) as const;
	const post = async (kind: string) =>
		({
			queue: "post",
			data: { messageId: await onlyId(`messages where kind = '${kind}'`) },
			afterMs: 0,
		}) as const;

	it("after the POST and before its answer was written down reads the job instead of posting again", async () => {
		const world = await killedWhileItAsks();
		await world.run(await submit(0));
		await world.settle();
		expect(world.graph.posts).toHaveLength(1);
		expect(world.views("follow-up")).toMatchObject([{ view: { cancellation: { state: "abandoned" } } }]);
	});

	it("while it asks Graph goes on by answering again, which reads the job instead of posting again", async () => {
		const world = await killedWhileItAsks();
		expect(world.tasks.map(({ task }) => task.queue)).toEqual(["post"]);
		await world.run({ queue: "answer", data: { requestId: await onlyId("requests") } });
		await world.settle();
		expect(world.graph.posts).toHaveLength(1);
		expect(world.views("follow-up")).toMatchObject([{ view: { cancellation: { state: "abandoned" } } }]);
	});

	it("before it has asked Graph asks when it answers again, however often that has failed", async () => {
		const world = worldWithAdmin();
		const { cancel: post } = world.deps.jobs;
		world.deps.jobs.cancel = async () => {
			throw new Error("killed");
		};
		await expect(world.say(anna, cancel)).rejects.toThrow("killed");
		world.deps.jobs.cancel = post;
		await answerWithFailure(await onlyId("requests"), "gave up after 3 failures", world.deps);
		// It cannot know that nothing was sent: the job is only read for a while.
		expect(world.graph.posts).toHaveLength(0);
		await world.advance(6_000);
		expect(world.graph.posts).toHaveLength(1);
		expect(world.views("problem")).toEqual([]);
	});

	it("after somebody has joined does not ask Graph on account of the one who joined", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		await world.say(anna, cancel, "elsewhere");
		const [last] = await theDatabase().sql.query<{ id: string }>(
			"select id from requests order by received_at, id desc",
		);
		world.graph.job = runningJob();
		await world.run({ queue: "answer", data: { requestId: last?.id ?? "" } });
		await world.settle();
		expect(world.graph.posts).toHaveLength(1);
	});

	it("after a 429 was written down and before its work was done asks only when the wait is over", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "throttled", httpStatus: 429, retryAfterMs: 10_000 });
		await world.say(anna, cancel);
		// The work that made the first POST is found unfinished, and runs again beside the one that follows it.
		await world.run(await submit(0));
		await world.settle();
		await world.advance(9_900);
		expect(world.graph.posts).toHaveLength(1);
		await world.advance(200);
		expect(world.graph.posts).toHaveLength(2);
		await world.run(await submit(1));
		expect(world.graph.posts).toHaveLength(2);
	});

	it("after a rejection was written down judges it instead of posting again", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "rejected", code: "forbidden", httpStatus: 403 });
		world.graph.onPost = async () => {
			world.deps.jobs.read = async () => {
				throw new Error("killed");
			};
		};
		const { read } = world.deps.jobs;
		await expect(world.say(anna, cancel)).rejects.toThrow("killed");
		world.deps.jobs.read = read;
		await world.run(await submit(0));
		await world.settle();
		expect(world.graph.posts).toHaveLength(1);
		expect(world.views("follow-up")).toMatchObject([
			{
				view: {
					cancellation: { outcome: { state: "refused", why: { code: "forbidden", httpStatus: 403 } } },
				},
			},
		]);
	});

	it("and thaws while another one works makes no POST of its own", async () => {
		const world = worldWithAdmin();
		const other = createWorld(theDatabase());
		other.grant(anna, ADMIN_ROLE);
		other.graph.answers.push({ kind: "throttled", httpStatus: 429, retryAfterMs: 60_000 });
		const { standing } = world.deps.directory;
		let frozen = false;
		world.deps.directory.standing = async (...asked) => {
			const seen = await standing(...asked);
			// The first reading has taken so long that the submit reads again.
			if (world.standingReads.length === 1)
				return { ...seen, at: new Date(world.now().getTime() - 2_001).toISOString() };
			// The second look is the one right before the POST; meanwhile the work is taken over.
			if (world.standingReads.length === 2 && !frozen) {
				frozen = true;
				await other.run(await submit(0));
			}
			return seen;
		};
		await world.say(anna, cancel);
		expect(other.graph.posts).toHaveLength(1);
		expect(world.graph.posts).toHaveLength(0);
	});

	it("while sending the live card sends it again, as the one that counts", async () => {
		const world = worldWithAdmin();
		world.onSend = async () => {
			if (world.sent.at(-1)?.view.view === "live") throw new Error("killed");
		};
		await expect(world.say(anna, cancel)).rejects.toThrow("killed");
		world.onSend = async () => {};
		await world.run(await post("live"));
		await world.settle();
		expect(world.views("live").filter((m) => m.how === "post")).toMatchObject([
			{ activityId: expect.any(String) },
			{ view: { supersedes: true } },
		]);
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(world.views("live").at(-1)?.view).toMatchObject({ cancellation: { state: "abandoned" } });
	});

	it("while sending an answer sends it again", async () => {
		const world = worldWithAdmin();
		world.onSend = async () => {
			throw new Error("killed");
		};
		await expect(world.say(anna, { kind: "help" })).rejects.toThrow("killed");
		world.onSend = async () => {};
		await world.run(await post("answer"));
		expect(world.views("help")).toHaveLength(2);
	});

	it("while sending the follow-up card does not send it a second time", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.graph.job = runningJob({ status: "abandoned" });
		world.onSend = async () => {
			if (world.sent.at(-1)?.view.view === "follow-up") throw new Error("killed");
		};
		await expect(world.advance(10_000)).rejects.toThrow("killed");
		world.onSend = async () => {};
		await world.run(await post("follow-up"));
		await world.advance(60_000);
		expect(world.views("follow-up")).toHaveLength(1);
		expect(world.views("live").at(-1)?.view).toMatchObject({ announcementMissed: true });
	});

	async function onlyId(from: string): Promise<string> {
		const [row] = await theDatabase().transaction((sql) =>
			sql.query<{ id: string }>(`select id from ${from}`),
		);
		if (!row) throw new Error(`nothing in ${from}`);
		return row.id;
	}
});
