import { describe, expect, it } from "@jest/globals";
import { findBrokenLink } from "../store/broken-link.js";
import { theDatabase, useDatabase } from "./database.js";
import { ADMIN_ROLE, createWorld, JOB_ID, person, READER_ROLE, readSlowly, runningJob } from "./world.js";

useDatabase();

const anna = person("Anna");
const bernard = person("Bernard");
const cancel = { kind: "cancel", jobId: JOB_ID, reason: "wrong snapshot" } as const;

describe("cancelling a job", () => {
	function worldWithAdmin() {
		const world = createWorld(theDatabase());
		world.grant(anna, ADMIN_ROLE);
		return world;
	}

	async function auditTypes() {
		return theDatabase().transaction(async (sql) =>
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
		expect(await theDatabase().transaction(findBrokenLink)).toBeUndefined();
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
		expect(world.sent.at(-1)).toMatchObject({
			how: "post",
			view: {
				view: "live",
				copiedAt: "2026-11-23T03:00:00.000Z",
				cancellation: { state: "stopping", askers: [{}, { actor: bernard, reason: "wrong snapshot" }] },
			},
		});
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(world.views("follow-up")).toHaveLength(1);
	});

	it("promises the outcome only in conversations that follow the cancellation", async () => {
		const world = worldWithAdmin();
		world.grant(bernard, READER_ROLE);
		await world.say(anna, cancel, "first");
		const openIn = async (where: string) => {
			await world.say(bernard, { kind: "status", jobId: JOB_ID }, where);
			return world.views("job").at(-1)?.view;
		};
		expect(await openIn("first")).toMatchObject({ open: { followed: true } });
		expect(await openIn("second")).toMatchObject({ open: { followed: false } });
	});

	it("refuses somebody who may only look, and sends nothing to Graph", async () => {
		const world = createWorld(theDatabase());
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

	it("sends nothing when the directory cannot be read, and calls it no refusal", async () => {
		const world = createWorld(theDatabase());
		world.setStanding(anna, { kind: "unreadable", at: "", why: "throttled", detail: "429" });
		await world.say(anna, cancel);
		expect(world.sent.map((m) => m.view)).toMatchObject([
			{ view: "unchecked", problem: "throttled", asked: "cancel" },
		]);
		expect(world.graph.posts).toEqual([]);
		expect((await auditTypes()).at(-1)).toBe("request.unchecked");
	});

	it("reads role and job once when it asks Graph right after", async () => {
		const world = worldWithAdmin();
		await world.say(anna, cancel);
		expect(world.standingReads).toHaveLength(1);
		expect(world.graph.posts).toHaveLength(1);
	});

	it("checks the role again right before the call", async () => {
		const world = worldWithAdmin();
		const tasks: string[] = [];
		world.deps.directory.standing = async () => {
			tasks.push("read");
			const at = world.now().toISOString();
			return tasks.length === 1
				? {
						kind: "read",
						at,
						accountEnabled: true,
						guest: false,
						grants: [{ by: "role", roleId: ADMIN_ROLE.id, roleName: ADMIN_ROLE.name }],
						scopedRoles: [],
					}
				: { kind: "read", at, accountEnabled: true, guest: false, grants: [], scopedRoles: [] };
		};
		readSlowly(world);
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
						outcome: { why: { by: "graph", code: "forbidden", httpStatus: 403 } },
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

	it("never claims a refusal when no clear answer ever came: it asks no more, warns, and follows the job", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push(
			...Array.from({ length: 100 }, () => ({ kind: "unclear", httpStatus: 503 }) as const),
		);
		await world.say(anna, cancel);
		await world.advance(20 * 60_000);
		expect(world.views("follow-up")).toHaveLength(0);
		expect(world.views("warning")).toMatchObject([
			{ how: "post", view: { cancellation: { state: "stopping", stoppedAsking: { by: "time" } } } },
		]);
		const posts = world.graph.posts.length;
		await world.advance(10 * 60_000);
		expect(world.graph.posts).toHaveLength(posts);
		world.graph.job = runningJob({ status: "successful" });
		await world.advance(60_000);
		expect(world.views("follow-up")).toMatchObject([{ view: { cancellation: { state: "too-late" } } }]);
	});

	it("says only that it lost track when no answer came and no end was seen", async () => {
		const world = createWorld(theDatabase(), { submitLimitMs: 60_000, watchLimitMs: 10 * 60_000 });
		world.grant(anna, ADMIN_ROLE);
		world.graph.answers.push(...Array.from({ length: 20 }, () => ({ kind: "unclear" }) as const));
		await world.say(anna, cancel);
		await world.advance(11 * 60_000);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { outcome: { state: "lost-track", why: "no-answer-to-cancel" } } } },
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
		const world = createWorld(theDatabase(), { watchLimitMs: 10 * 60_000 });
		world.grant(anna, ADMIN_ROLE);
		await world.say(anna, cancel);
		await world.advance(11 * 60_000);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { state: "lost-track", outcome: { why: "watch-limit" } } } },
		]);
	});

	describe("when an answer to a POST was lost", () => {
		async function withLostAnswer() {
			const world = worldWithAdmin();
			world.graph.answers.push({ kind: "unclear", detail: "reset" });
			await world.say(anna, cancel);
			return world;
		}
		const abandoned = async (world: ReturnType<typeof worldWithAdmin>) => {
			world.graph.job = runningJob({ status: "abandoned" });
			await world.advance(60_000);
			return world.views("follow-up");
		};

		it("follows the job although the role has gone meanwhile", async () => {
			const world = await withLostAnswer();
			world.grant(anna);
			await world.advance(10_000);
			expect(world.graph.posts).toHaveLength(1);
			expect(world.views("follow-up")).toHaveLength(0);
			expect(world.views("warning")).toMatchObject([
				{ view: { cancellation: { stoppedAsking: { by: "policy", rule: "no-role" } } } },
			]);
			expect(await abandoned(world)).toMatchObject([{ view: { cancellation: { state: "abandoned" } } }]);
		});

		it("sends nothing while the directory is out, and goes on when it is back", async () => {
			const world = await withLostAnswer();
			world.setStanding(anna, { kind: "unreadable", at: "", why: "unavailable", detail: "503" });
			await world.advance(60_000);
			expect(world.graph.posts).toHaveLength(1);
			expect(world.views("live").at(-1)?.view).toMatchObject({
				cancellation: { state: "submitting", waiting: { why: "role-unreadable" } },
			});
			world.grant(anna, ADMIN_ROLE);
			await world.advance(30_000);
			expect(world.graph.posts).toHaveLength(2);
			expect(await abandoned(world)).toMatchObject([{ view: { cancellation: { state: "abandoned" } } }]);
		});

		it("follows the job although the second POST was turned down", async () => {
			const world = await withLostAnswer();
			world.graph.answers.push({ kind: "rejected", code: "rejected", httpStatus: 400 });
			await world.advance(20_000);
			expect(world.graph.posts).toHaveLength(2);
			expect(world.views("follow-up")).toHaveLength(0);
			expect(await abandoned(world)).toMatchObject([{ view: { cancellation: { state: "abandoned" } } }]);
			expect(world.graph.posts).toHaveLength(2);
		});
	});

	it("says that nothing was sent when the directory stays out", async () => {
		const world = worldWithAdmin();
		readSlowly(world);
		await outAfterFirstLook(world);
		await world.say(anna, cancel);
		await world.advance(16 * 60_000);
		expect(world.graph.posts).toHaveLength(0);
		// Ever more slowly: a directory that is out is not asked all the time.
		expect(world.standingReads.length).toBeLessThan(50);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { attempts: [], outcome: { why: { rule: "unreadable-standing" } } } } },
		]);
	});

	it("says that nothing was sent when the job could not be read before", async () => {
		const world = worldWithAdmin();
		readSlowly(world);
		const { read } = world.deps.jobs;
		let looks = 0;
		world.deps.jobs.read = async (id) =>
			++looks === 1
				? read(id)
				: { kind: "problem", code: "throttled", httpStatus: 429, retryAfterMs: 1_200_000, detail: "429" };
		await world.say(anna, cancel);
		await world.advance(14 * 60_000);
		expect(world.views("follow-up")).toHaveLength(0);
		await world.advance(2 * 60_000);
		expect(world.graph.posts).toHaveLength(0);
		expect(world.views("follow-up")).toMatchObject([
			{ view: { cancellation: { attempts: [], outcome: { state: "lost-track", why: "job-unreadable" } } } },
		]);
	});

	it("tries once more at the limit when Graph asks to wait longer than that", async () => {
		const world = worldWithAdmin();
		world.graph.answers.push({ kind: "throttled", httpStatus: 429, retryAfterMs: 1_200_000 });
		await world.say(anna, cancel);
		await world.advance(14.9 * 60_000);
		expect(world.graph.posts).toHaveLength(1);
		expect(world.views("follow-up")).toHaveLength(0);
		await world.advance(60_000);
		expect(world.graph.posts).toHaveLength(2);
		expect(world.views("live").at(-1)?.view).toMatchObject({ cancellation: { state: "stopping" } });
	});

	describe("with several askers", () => {
		/** Both hold the role when they ask, and Graph wants the first try to wait for ten seconds. */
		async function askedTwice(reason: string = cancel.reason) {
			const world = worldWithAdmin();
			world.grant(bernard, ADMIN_ROLE);
			world.graph.answers.push({ kind: "throttled", httpStatus: 429, retryAfterMs: 10_000 });
			await world.say(anna, cancel, "first");
			await world.say(bernard, { ...cancel, reason }, "second");
			return world;
		}

		it("goes on with the second one's role when the first has lost theirs", async () => {
			const world = await askedTwice("it eats users");
			world.grant(anna);
			await world.advance(15_000);
			expect(world.graph.posts).toHaveLength(2);
			expect(world.views("live").at(-1)?.view).toMatchObject({
				cancellation: { state: "stopping", attempts: [{ by: anna }, { by: bernard }] },
			});
			const [sent] = await theDatabase().transaction((sql) =>
				sql.query<{ user_id: string }>(
					"select user_id from audit_events where type = 'cancel.attempt-started' order by seq desc limit 1",
				),
			);
			expect(sent?.user_id).toBe(bernard.userId);
		});

		it("reads nobody else's role while the first holds it", async () => {
			const world = await askedTwice();
			const before = world.standingReads.length;
			await world.advance(15_000);
			expect(world.standingReads.slice(before)).toEqual([anna.userId]);
		});

		it("goes on with the second one when the first one cannot be read", async () => {
			const world = await askedTwice();
			world.setStanding(anna, { kind: "unreadable", at: "", why: "timeout", detail: "no answer" });
			await world.advance(11_000);
			expect(world.graph.posts).toHaveLength(2);
		});

		it("asks a directory that wants to be left alone about the first one only", async () => {
			const world = await askedTwice();
			world.setStanding(anna, { kind: "unreadable", at: "", why: "throttled", detail: "429" });
			const before = world.standingReads.length;
			await world.advance(11_000);
			expect(world.standingReads.slice(before)).toEqual([anna.userId]);
			expect(world.graph.posts).toHaveLength(1);
		});

		it("goes on with the second one when the first one's account is gone", async () => {
			const world = await askedTwice();
			world.setStanding(anna, { kind: "unreadable", at: "", why: "not-found", detail: "404" });
			await world.advance(11_000);
			expect(world.graph.posts).toHaveLength(2);
		});

		it("ends only when all of them have lost it", async () => {
			const world = await askedTwice();
			world.grant(anna);
			world.grant(bernard);
			await world.advance(15_000);
			expect(world.graph.posts).toHaveLength(1);
			expect(
				world
					.views("follow-up")
					.map((m) => m.conversation)
					.sort(),
			).toEqual(["first", "second"]);
		});
	});

	it("saves Graph's answer again until it is saved, and posts no second time", async () => {
		const world = worldWithAdmin();
		let failures = 5;
		world.graph.onPost = async () => {
			world.faults.beforeCommit = async () => {
				if (failures-- > 0) throw new Error("deadlock detected");
			};
		};
		await world.say(anna, cancel);
		expect(world.graph.posts).toHaveLength(1);
		expect(world.views("live").at(-1)?.view).toMatchObject({ cancellation: { state: "stopping" } });
		const lines = world.log.filter((line) => line.facts.code === "answer-not-saved");
		expect(lines).toHaveLength(5);
		expect(lines[0]?.facts).toMatchObject({ clientRequestId: world.graph.posts[0] });
	});

	it("saves Graph's answer once when the confirmation of the commit was lost", async () => {
		const world = worldWithAdmin();
		world.graph.onPost = async () => {
			world.faults.afterCommit = async () => {
				world.faults.afterCommit = async () => {};
				throw new Error("connection lost");
			};
		};
		await world.say(anna, cancel);
		expect(world.graph.posts).toHaveLength(1);
		expect((await auditTypes()).slice(-3)).toEqual([
			"cancel.attempt-started",
			"cancel.attempt-answered",
			"cancel.stopping",
		]);
	});

	it("reads the role again when saving the attempt took longer than two seconds", async () => {
		const world = worldWithAdmin();
		const slowly = async (role: boolean) => {
			const { cancel: ask } = world.deps.jobs;
			world.deps.jobs.cancel = ask;
			world.faults.afterCommit = async () => {
				const [row] = await theDatabase().transaction((sql) =>
					sql.query<{ attempts: number }>(
						"select jsonb_array_length(record->'attempts') attempts from cancellations",
					),
				);
				if (row?.attempts !== 1) return;
				world.faults.afterCommit = async () => {};
				world.turn(2_001);
				if (!role) world.grant(anna);
			};
		};
		await slowly(false);
		await world.say(anna, cancel);
		expect(world.graph.posts).toHaveLength(0);
		expect(world.views("live").at(-1)?.view).toMatchObject({
			cancellation: { waiting: { why: "not-sent" }, attempts: [{ answer: { kind: "throttled" } }] },
		});
		await world.advance(10_000);
		expect(world.views("follow-up")).toMatchObject([{ view: { cancellation: { state: "refused" } } }]);
	});

	it("asks Graph nothing for an object id that is none", async () => {
		const world = createWorld(theDatabase());
		const forged = person("Anna", "me/../../groups?x=");
		await world.say(forged, cancel);
		expect(world.sent.map((m) => m.view)).toMatchObject([{ view: "refusal", rule: "no-identity" }]);
		expect(world.standingReads).toEqual([]);
	});

	it("hands out a job that is not there only to somebody who may look", async () => {
		const world = createWorld(theDatabase());
		world.graph.job = undefined;
		await world.say(bernard, cancel);
		await world.say(bernard, { kind: "status", jobId: JOB_ID });
		expect(world.sent.map((m) => m.view)).toMatchObject([{ view: "refusal" }, { view: "refusal" }]);
	});

	/** The directory answers when somebody asks, and not when the role is read again. */
	async function outAfterFirstLook(world: ReturnType<typeof worldWithAdmin>) {
		const { standing } = world.deps.directory;
		world.deps.directory.standing = async (...asked) => {
			const seen = await standing(...asked);
			return world.standingReads.length === 1
				? seen
				: { kind: "unreadable", at: seen.at, why: "unavailable", detail: "503" };
		};
	}
});
