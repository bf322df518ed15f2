import { describe, expect, it } from "@jest/globals";
import { findBrokenLink } from "../../src/store/audit.js";
import { useDatabase } from "./database.js";
import { ADMIN_ROLE, createWorld, JOB_ID, person, READER_ROLE, runningJob } from "./world.js";

const anna = person("Anna");
const bernard = person("Bernard");
const cancel = { kind: "cancel", jobId: JOB_ID, reason: "wrong snapshot" } as const;

describe("cancelling a job", () => {
	const database = useDatabase();

	function worldWithAdmin() {
		const world = createWorld(database());
		world.grant(anna, ADMIN_ROLE);
		return world;
	}

	async function auditTypes() {
		return database().transaction(async (sql) =>
			(await sql.query<{ type: string }>("select type from audit_events order by seq")).map(
				(row) => row.type,
			),
		);
	}

	it("sends one POST, follows the job and announces only what was seen", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		expect(world.graph.posts).toHaveLength(1);
		const states = () =>
			world.sent.map(
				({ how, view }) => `${how} ${view.view} ${"cancellation" in view ? view.cancellation.state : ""}`,
			);
		expect(states()).toContain("update live stopping");
		await world.advance(60_000);
		expect(world.views("follow-up")).toHaveLength(0);
		world.graph.job = runningJob({ status: "abandoned", endedAt: "2026-11-23T03:01:05Z" });
		await world.advance(60_000);
		expect(states().filter((state) => state === "post follow-up abandoned")).toHaveLength(1);
		expect(states().filter((state) => state === "update live abandoned")).toHaveLength(1);
		expect(world.tasks).toEqual([]);
	});

	it("leaves a chain of audit events for everything that happened", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect((await auditTypes()).slice(-7)).toEqual([
			"request.received",
			"cancel.opened",
			"cancel.attempt-started",
			"cancel.attempt-answered",
			"cancel.stopping",
			"cancel.job-seen",
			"cancel.abandoned",
		]);
		expect(await database().transaction(findBrokenLink)).toBeUndefined();
	});

	it("acts once when the same message is delivered four times", async () => {
		const world = worldWithAdmin();
		for (let i = 0; i < 4; i++) await world.say(anna, cancel, "chat", "same");
		expect(world.graph.posts).toHaveLength(1);
		expect(world.sent.filter((m) => m.how === "post")).toHaveLength(1);
	});

	it("lets a second asker join, with one POST and the outcome in both conversations", async () => {
		const world = worldWithAdmin();
		world.grant(bernard, ADMIN_ROLE);
		await world.say(anna, cancel, "chat-1");
		await world.say(bernard, cancel, "chat-2");
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(world.graph.posts).toHaveLength(1);
		expect(
			world
				.views("follow-up")
				.map((m) => m.conversation)
				.sort(),
		).toEqual(["chat-1", "chat-2"]);
	});

	it("answers a second asker in the same conversation with the cancellation under way", async () => {
		const world = worldWithAdmin();
		world.grant(bernard, ADMIN_ROLE);
		await world.say(anna, cancel);
		await world.say(bernard, cancel);
		expect(world.views("job").at(-1)?.view).toMatchObject({ open: { requesterName: "Anna" } });
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(world.views("follow-up")).toHaveLength(1);
	});

	it("refuses somebody who may only look, and sends nothing to Graph", async () => {
		const world = createWorld(database());
		world.grant(bernard, READER_ROLE);
		await world.say(bernard, cancel);
		expect(world.graph.posts).toHaveLength(0);
		expect(world.sent.map((m) => m.view)).toMatchObject([{ view: "refusal", rule: "no-role" }]);
	});

	it("asks for a reason, and nothing of Graph, where one is required", async () => {
		const world = worldWithAdmin();
		Object.assign(world.deps, { policy: { ...world.deps.policy, reasonRequired: true } });
		await world.say(anna, { kind: "cancel", jobId: JOB_ID });
		expect(world.graph.posts).toHaveLength(0);
		expect(world.sent.map((m) => m.view)).toMatchObject([{ view: "malformed", problem: "no-reason" }]);
		await world.say(anna, cancel);
		expect(world.graph.posts).toHaveLength(1);
	});

	it("refuses when the directory cannot be read", async () => {
		const world = createWorld(database());
		world.setStanding(anna, { kind: "unreadable", at: "", why: "throttled", detail: "429" });
		await world.say(anna, cancel);
		expect(world.sent.map((m) => m.view)).toMatchObject([
			{ view: "refusal", rule: "unreadable-standing", problem: "throttled" },
		]);
	});

	it("checks the role again right before the call", async () => {
		const world = worldWithAdmin();
		const tasks: string[] = [];
		world.deps.directory.standing = async () => {
			tasks.push("read");
			return tasks.length === 1
				? {
						kind: "read",
						at: "",
						accountEnabled: true,
						guest: false,
						grants: [{ by: "role", roleId: ADMIN_ROLE.id, roleName: ADMIN_ROLE.name }],
						scopedRoles: [],
					}
				: { kind: "read", at: "", accountEnabled: true, guest: false, grants: [], scopedRoles: [] };
		};
		await world.say(anna, cancel);
		expect(world.graph.posts).toHaveLength(0);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { state: "refused", outcome: { why: { by: "policy", rule: "no-role" } } } } },
		]);
	});

	it("does not open anything for a job that has already ended", async () => {
		const world = worldWithAdmin();
		world.graph.job = runningJob({ status: "successful" });
		await world.say(anna, cancel);
		expect(world.graph.posts).toHaveLength(0);
		expect(world.views("already-ended")).toHaveLength(1);
	});

	it("calls a job that finished first too late, and nothing else", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.graph.job = runningJob({ status: "successful" });
		await world.advance(10_000);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { state: "too-late", outcome: { jobEnd: "successful" } } } },
		]);
	});

	it("waits as long as Graph asks when it throttles, then asks again", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "throttled", httpStatus: 429, retryAfterMs: 7_128 });
		await world.say(anna, cancel);
		await world.advance(7_000);
		expect(world.graph.posts).toHaveLength(1);
		await world.advance(1_000);
		expect(world.graph.posts).toHaveLength(2);
	});

	it("polls no sooner than Graph asks, also when all goes well", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "accepted", httpStatus: 202, retryAfterMs: 40_000 });
		await world.say(anna, cancel);
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(39_000);
		expect(world.views("follow-up")).toHaveLength(0);
		await world.advance(2_000);
		expect(world.views("follow-up")).toHaveLength(1);
	});

	it("reads the job before a second POST, and needs none when the first one worked after all", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "unclear", httpStatus: 504 });
		await world.say(anna, cancel);
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(world.graph.posts).toHaveLength(1);
		expect(world.views("follow-up")).toMatchObject([{ view: { cancellation: { state: "abandoned" } } }]);
	});

	it("gives an unanswered POST time to show before it posts again", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "unclear", httpStatus: 504 });
		await world.say(anna, cancel);
		await world.advance(4_900);
		expect(world.graph.posts).toHaveLength(1);
		await world.advance(3_000);
		expect(world.graph.posts).toHaveLength(2);
	});

	it("does not take a conflict for a refusal while an earlier, unanswered POST may be taking effect", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "unclear", httpStatus: 504 });
		world.graph.answers.push({ kind: "rejected", code: "conflict", httpStatus: 409 });
		await world.say(anna, cancel);
		await world.advance(8_000);
		expect(world.graph.posts).toHaveLength(2);
		expect(world.views("follow-up")).toHaveLength(0);
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(world.views("follow-up")).toMatchObject([{ view: { cancellation: { state: "abandoned" } } }]);
	});

	it("says that Graph refused when the job still runs after a 403", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "rejected", code: "forbidden", httpStatus: 403 });
		await world.say(anna, cancel);
		expect(world.views("follow-up")).toMatchObject([
			{
				view: {
					cancellation: {
						state: "refused",
						outcome: { why: { by: "graph", code: "forbidden" }, httpStatus: 403 },
					},
				},
			},
		]);
	});

	it("says too late, not refused, when a 409 only meant that the job had ended", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "rejected", code: "conflict", httpStatus: 409 });
		world.graph.onPost = async () => {
			world.graph.job = runningJob({ status: "failed" });
		};
		await world.say(anna, cancel);
		expect(world.views("follow-up")).toMatchObject([{ view: { cancellation: { state: "too-late" } } }]);
	});

	it("never claims a refusal when no clear answer ever came", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push(
			...Array.from({ length: 100 }, () => ({ kind: "unclear", httpStatus: 503 }) as const),
		);
		await world.say(anna, cancel);
		await world.advance(20 * 60_000);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { state: "lost-track", outcome: { why: "no-answer-to-cancel" } } } },
		]);
	});

	it("loses track plainly when the job is gone from Graph", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.graph.job = undefined;
		await world.advance(60_000);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { state: "lost-track", outcome: { why: "job-not-found" } } } },
		]);
	});

	it("loses track plainly when the watch limit has passed", async () => {
		const world = createWorld(database(), { watchLimitMs: 10 * 60_000 });
		world.grant(anna, ADMIN_ROLE);
		await world.say(anna, cancel);
		await world.advance(11 * 60_000);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { state: "lost-track", outcome: { why: "watch-limit" } } } },
		]);
	});
});

describe("delivering a message", () => {
	const database = useDatabase();

	function worldWithAdmin() {
		const world = createWorld(database());
		world.grant(anna, ADMIN_ROLE);
		return world;
	}

	it("tries again as late as Teams asks when it throttles", async () => {
		const world = worldWithAdmin();
		world.sendProblems.push({ kind: "retry", retryAfterMs: 5_000, detail: "429" });
		await world.say(anna, { kind: "help" });
		await world.advance(4_900);
		expect(world.sent).toHaveLength(0);
		await world.advance(200);
		expect(world.views("help")).toHaveLength(1);
	});

	it("never repeats a new message whose fate is unknown", async () => {
		const world = worldWithAdmin();
		world.sendProblems.push({ kind: "unconfirmed", detail: "504" });
		await world.say(anna, { kind: "help" });
		await world.advance(600_000);
		expect(world.sent).toHaveLength(0);
	});

	it("posts the live card anew when somebody deleted it", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		world.sendProblems.push({ kind: "gone", detail: "404" });
		world.graph.job = runningJob({ status: "calculating" });
		await world.advance(3_000);
		expect(world.sent.filter((m) => m.how === "post" && m.view.view === "live")).toHaveLength(2);
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
});

describe("pressing the button", () => {
	const database = useDatabase();

	it("answers with the live card and takes the pressed card over", async () => {
		const world = createWorld(database());
		world.grant(anna, ADMIN_ROLE);
		const pressing = world.press(anna, cancel);
		await waitForTask(world);
		await world.settle();
		expect(await pressing).toMatchObject({ view: "live" });
		expect(world.sent.map((m) => `${m.how} ${m.activityId}`)).toContain("update card-1");
		expect(world.sent.filter((m) => m.how === "post")).toHaveLength(0);
	});

	it("says that it is recorded while Graph hangs, and posts the answer later", async () => {
		const world = createWorld(database());
		world.grant(bernard, READER_ROLE);
		expect(await world.press(bernard, cancel, "chat", "i-1", 1)).toMatchObject({ view: "working" });
		await world.settle();
		expect(world.sent.map((m) => m.view)).toMatchObject([{ view: "refusal" }]);
	});

	it("answers a redelivered press from the stored outcome", async () => {
		const world = createWorld(database());
		world.grant(anna, ADMIN_ROLE);
		await world.press(anna, cancel, "chat", "i-1", 1);
		await world.settle();
		expect(await world.press(anna, cancel, "chat", "i-1", 1)).toMatchObject({
			view: "live",
			cancellation: { state: "stopping" },
		});
		expect(world.graph.posts).toHaveLength(1);
	});

	async function waitForTask(world: ReturnType<typeof createWorld>) {
		while (world.tasks.length === 0) await new Promise((resolve) => setImmediate(resolve));
	}
});

describe("a process that dies", () => {
	const database = useDatabase();

	it("after the POST and before its answer was written down reads the job instead of posting again", async () => {
		const world = createWorld(database());
		world.grant(anna, ADMIN_ROLE);
		world.graph.onPost = async () => {
			world.graph.onPost = async () => {};
			world.graph.job = runningJob({ status: "abandoned" });
			throw new Error("killed");
		};
		await expect(world.say(anna, cancel)).rejects.toThrow("killed");
		await world.run({ queue: "submit", data: { cancellationId: await onlyId("cancellations") }, afterMs: 0 });
		await world.settle();
		expect(world.graph.posts).toHaveLength(1);
		expect(world.views("follow-up")).toMatchObject([{ view: { cancellation: { state: "abandoned" } } }]);
	});

	it("while sending the follow-up card does not send it a second time", async () => {
		const world = createWorld(database());
		world.grant(anna, ADMIN_ROLE);
		await world.say(anna, cancel);
		world.graph.job = runningJob({ status: "abandoned" });
		world.onSend = async () => {
			if (world.sent.at(-1)?.view.view === "follow-up") throw new Error("killed");
		};
		await expect(world.advance(10_000)).rejects.toThrow("killed");
		world.onSend = async () => {};
		const messageId = await onlyId("messages where kind = 'follow-up'");
		await world.run({ queue: "post", data: { messageId }, afterMs: 0 });
		await world.advance(60_000);
		expect(world.views("follow-up")).toHaveLength(1);
		expect(world.views("live").at(-1)?.view).toMatchObject({ announcementMissed: true });
	});

	async function onlyId(from: string): Promise<string> {
		const [row] = await database().transaction((sql) => sql.query<{ id: string }>(`select id from ${from}`));
		if (!row) throw new Error(`nothing in ${from}`);
		return row.id;
	}
});
