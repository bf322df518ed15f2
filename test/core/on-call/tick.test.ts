import { describe, expect, it } from "@jest/globals";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import { openCancellation } from "../../../src/core/cancelling/submitting.js";
import type { RecoveryJob } from "../../../src/core/job.js";
import { type Incident, openIncident } from "../../../src/core/on-call/incident.js";
import type { Subscription } from "../../../src/core/on-call/subscription.js";
import { take } from "../../../src/core/on-call/taking.js";
import { tick } from "../../../src/core/on-call/tick.js";
import type { Watch } from "../../../src/core/on-call/watch.js";
import type { Look, Tick } from "../../../src/core/on-call/watched.js";
import { alerts, job, minute, person } from "./on-call-story.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const JOB = job().id;
const anna = person("Anna");

/** The watch as it goes on from look to look, without a database. */
function watching(...subscribed: Subscription[]) {
	let subscriptions = [...subscribed];
	let incidents = new Map<string, Incident>();
	let watch: Watch = {};
	let ids = 0;
	return {
		cancellations: [] as Cancellation[],
		/** So long that no pause between two looks of a story is a gap. */
		pollMs: 24 * 3_600_000,
		get watch() {
			return watch;
		},
		incident: (jobId = JOB) => {
			const found = [...incidents.values()].find((one) => one.job.id === jobId);
			if (!found) throw new Error(`no incident of ${jobId}`);
			return found;
		},
		put(changed: Incident) {
			incidents.set(changed.id, changed);
		},
		subscribe(one: Subscription) {
			subscriptions = [...subscriptions, one];
		},
		unsubscribe() {
			subscriptions = [];
		},
		look(minutes: number, look: Look | readonly RecoveryJob[]): Tick {
			const all = [...incidents.values()];
			const result = tick(
				{
					tenantId: TENANT,
					watch,
					subscriptions,
					incidents: all.filter(({ overAt }) => overAt === undefined),
					overJobIds: all.filter(({ overAt }) => overAt !== undefined).map((one) => one.job.id),
					cancellations: this.cancellations,
				},
				"kind" in look ? look : { kind: "listed", jobs: look as RecoveryJob[] },
				minute(minutes),
				{ pollMs: this.pollMs, ackMs: 10 * 60_000 },
				() => `incident-${++ids}`,
			);
			watch = result.watch;
			incidents = new Map([...incidents, ...result.incidents.map((one) => [one.id, one] as const)]);
			subscriptions = subscriptions
				.filter((one) => !result.done.includes(one))
				.map((one) => result.summed.find(({ id }) => id === one.id) ?? one);
			return result;
		},
	};
}

const told = ({ news, cards }: Tick) => ({
	news: news.map(({ conversationKey, place, tells }) =>
		[conversationKey, place, tells.what, "kind" in tells && tells.kind].filter(Boolean).join(" "),
	),
	cards: cards.map(({ kind, conversationKey }) => `${kind} ${conversationKey}`),
});
const nothing = { news: [], cards: [] };
const ended = (status: string, minutes: number): RecoveryJob =>
	job({ status, endedAt: minute(minutes).toISOString() });

function cancelling(changed: Partial<Cancellation> = {}): Cancellation {
	const { record } = openCancellation(
		{
			id: "cancellation-1",
			receipt: "RC-000001",
			job: job(),
			requester: anna,
			grant: { by: "group", groupId: "g" },
			conversationKey: "channel;messageid=1",
			reason: "wrong snapshot",
		},
		minute(2),
	);
	return { ...record, ...changed };
}

describe("a look at all jobs", () => {
	it("posts one card for a job that runs, and nothing more while nothing happens", () => {
		const world = watching(alerts());
		expect(told(world.look(1, [job()]))).toEqual({ news: [], cards: ["alert channel"] });
		const again = world.look(1.25, [job()]);
		expect(told(again)).toEqual(nothing);
		expect(again.incidents).toEqual([]);
		expect(again.lines).toEqual([]);
	});

	it("tells that it failed below the card, which shows it, too, and then never again", () => {
		const world = watching(alerts());
		world.look(1, [job()]);
		const end = world.look(5, [ended("failed", 5)]);
		expect(told(end)).toEqual({ news: ["channel reply event failed"], cards: ["alert channel"] });
		const facts = { incidentId: "incident-1", status: "failed", conversations: ["channel"] };
		expect(end.lines).toEqual([{ type: "alert.failed", jobId: JOB, facts }]);
		expect(world.incident().told).toEqual({ started: ["channel"], failed: ["channel"] });
		expect(told(world.look(5.25, [ended("failed", 5)]))).toEqual(nothing);
	});

	it("remembers nothing but when it was, where nobody follows a job", () => {
		const world = watching(alerts());
		world.look(1, [job()]);
		expect(world.watch).toEqual({ seenAt: minute(1).toISOString() });
		expect(world.incident().version).toBe(1);
	});

	it("says nothing more where alerts were turned off, but keeps the card true", () => {
		const world = watching(alerts());
		world.look(1, [job()]);
		world.unsubscribe();
		world.cancellations = [cancelling()];
		expect(told(world.look(3, [job()]))).toEqual({ news: [], cards: ["alert channel"] });
		expect(told(world.look(4, [job({ status: "calculating" })])).cards).toEqual(["alert channel"]);
	});

	it("tells each conversation what passes its own filters", () => {
		const long = alerts({ longerThanMs: 3_600_000 }, { id: "alerts-2", conversationKey: "managers" });
		const world = watching(alerts({ kinds: ["preview"] }), long);
		const preview = job({ kind: "preview" });
		expect(told(world.look(1, [preview])).cards).toEqual(["alert channel"]);
		expect(told(world.look(60, [preview])).cards).toEqual(["alert managers"]);
	});

	it("tells what a conversation's first card of a job says anyway in that card alone", () => {
		const world = watching(alerts({ failedOnly: true }));
		expect(told(world.look(1, [job()]))).toEqual(nothing);
		expect(told(world.look(5, [ended("failed", 5)]))).toEqual({ news: [], cards: ["alert channel"] });
	});

	it("tells nothing of a start where its card is already, handed over from another conversation", () => {
		const world = watching(alerts());
		world.look(0, []);
		const there = openIncident("handed", TENANT, job(), minute(1));
		world.put({ ...there, cards: ["channel"] });
		expect(told(world.look(2, [job()])).news).toEqual([]);
		expect(world.incident().told).toEqual({ started: ["channel"] });
	});

	it("keeps the numbers of a job without a message for each", () => {
		const world = watching(alerts());
		world.look(1, [job({ counts: { modifiedObjects: 1 } })]);
		const more = world.look(1.25, [job({ counts: { modifiedObjects: 50 } })]);
		expect(told(more)).toEqual(nothing);
		expect(more.incidents).toMatchObject([{ version: 2, job: { counts: { modifiedObjects: 50 } } }]);
	});

	it("updates the card for a new phase", () => {
		const world = watching(alerts());
		world.look(1, [job({ status: "loadingData" })]);
		expect(told(world.look(2, [job()]))).toEqual({ news: [], cards: ["alert channel"] });
	});

	it("tells again that a job is stuck when another phase takes too long", () => {
		const world = watching(alerts());
		world.look(1, [job({ kind: "preview", status: "initialized" })]);
		expect(told(world.look(62, [job({ kind: "preview", status: "initialized" })]))).toEqual({
			news: ["channel reply event stuck"],
			cards: ["alert channel"],
		});
		world.look(63, [job({ kind: "preview", status: "loadingData" })]);
		expect(told(world.look(100, [job({ kind: "preview", status: "loadingData" })]))).toEqual(nothing);
		expect(told(world.look(214, [job({ kind: "preview", status: "loadingData" })])).news).toContain(
			"channel reply event stuck",
		);
	});

	it("counts a phase from when it was first seen, also when an earlier one is shown in between", () => {
		const world = watching(alerts());
		const calculating = job({ kind: "preview", status: "calculating", counts: { changedObjects: 1 } });
		const running = job({ kind: "preview", status: "running", counts: { changedObjects: 1 } });
		world.look(1, [calculating]);
		world.look(10, [running]);
		// The card shows what Graph shows, each time; the clock does not begin again.
		for (const [minutes, seen] of [
			[40, calculating],
			[40.25, running],
			[50, calculating],
			[50.25, running],
		] as const)
			expect(told(world.look(minutes, [seen]))).toEqual({ news: [], cards: ["alert channel"] });
		expect(told(world.look(70, [running]))).toEqual(nothing);
		expect(told(world.look(70.5, [running])).news).toContain("channel reply event stuck");
		// Neither does it tell it a second time.
		world.look(71, [calculating]);
		world.look(71.25, [running]);
		expect(told(world.look(200, [running]))).toEqual(nothing);
	});

	it("does not count the time of a later phase for one that it goes back to", () => {
		const world = watching(alerts());
		world.look(1, [job({ kind: "preview", status: "loadingData" })]);
		world.look(100, [job({ kind: "preview", status: "running" })]);
		world.look(200, [job({ kind: "preview", status: "loadingData" })]);
		expect(told(world.look(349, [job({ kind: "preview", status: "loadingData" })]))).toEqual(nothing);
		expect(told(world.look(351, [job({ kind: "preview", status: "loadingData" })])).news).toContain(
			"channel reply event stuck",
		);
	});

	it("lets go of a job that Graph forgets, but not for one list without it", () => {
		const world = watching(alerts());
		world.look(1, [job()]);
		world.look(1.25, []);
		world.look(1.5, [job()]);
		expect(world.incident().missing).toBe(0);
		for (const minutes of [1.75, 2]) world.look(minutes, []);
		expect(world.incident()).not.toHaveProperty("overAt");
		expect(told(world.look(2.25, []))).toEqual({ news: [], cards: ["alert channel"] });
		expect(world.incident().overAt).toBe(minute(2.25).toISOString());
	});

	it("forgets no kind that it has seen", () => {
		const world = watching(alerts());
		world.look(1, [job()]);
		world.look(2, [job({ kind: "unknown", status: "calculating" })]);
		expect(world.incident().job).toMatchObject({ kind: "recovery", status: "calculating" });
	});
});

describe("the first look", () => {
	const { summedAt: _none, ...fresh } = alerts();

	it("sums up what is there in one card, and tells only what comes after it", () => {
		const world = watching(fresh);
		const old = { ...ended("failed", -60), id: "old" };
		const first = world.look(1, [job(), old]);
		expect(told(first)).toEqual({ news: ["channel post sum"], cards: [] });
		expect(first.news).toMatchObject([{ tells: { running: [{ id: JOB }], others: 1 } }]);
		expect(told(world.look(1.25, [job(), old]))).toEqual(nothing);
		expect(told(world.look(5, [ended("failed", 5), old])).cards).toEqual(["alert channel"]);
	});

	it("is put off while the jobs cannot be seen", () => {
		const world = watching(fresh);
		const blind = world.look(1, { kind: "problem", code: "unavailable" });
		expect(told(blind)).toEqual(nothing);
		expect(blind.summed).toEqual([]);
		expect(told(world.look(2, [job()])).news).toEqual(["channel post sum"]);
	});

	it("is the only one that says that nothing runs", () => {
		const world = watching(fresh);
		expect(world.look(1, []).news).toMatchObject([{ tells: { what: "sum", running: [], others: 0 } }]);
		expect(told(world.look(2, []))).toEqual(nothing);
	});
});

describe("a time in which nobody watched", () => {
	const often = (world: ReturnType<typeof watching>) => Object.assign(world, { pollMs: 15_000 });

	it("is named with what happened in it, in one card", () => {
		const world = often(watching(alerts()));
		world.look(1, [job()]);
		const short = { ...ended("failed", 20), id: "short", startedAt: minute(15).toISOString() };
		const late = job({ id: "late", startedAt: minute(25).toISOString() });
		const back = world.look(30, [ended("successful", 10), short, late]);
		expect(told(back)).toEqual({ news: ["channel post gap"], cards: ["alert channel", "alert channel"] });
		expect(back.news).toMatchObject([
			{
				tells: {
					from: minute(1).toISOString(),
					to: minute(30).toISOString(),
					started: [{ id: "short" }, { id: "late" }],
					ended: [{ id: JOB }, { id: "short" }],
				},
			},
		]);
		expect(back.lines[0]).toEqual({
			type: "watch.gap",
			facts: { from: minute(1).toISOString(), to: minute(30).toISOString() },
		});
		expect(told(world.look(30.25, [ended("successful", 10), short, late]))).toEqual(nothing);
	});

	it("says from when on nothing is known, when Graph has forgotten a part of it", () => {
		const world = often(watching(alerts()));
		world.look(0, []);
		const week = 7 * 24 * 60;
		expect(world.look(week + 60, []).news).toMatchObject([
			{ tells: { what: "gap", forgottenBefore: minute(60).toISOString() } },
		]);
		world.look(2 * week, []);
		expect(world.look(2 * week + 60, []).news[0]?.tells).not.toHaveProperty("forgottenBefore");
	});

	it("is none when a poll or two were slow", () => {
		const world = often(watching(alerts()));
		world.look(0, [job()]);
		expect(told(world.look(2, [job()])).news).toEqual([]);
	});

	it("is no news to a conversation that has not been told of anything yet: its first card sums up", () => {
		const { summedAt: _none, ...fresh } = alerts({}, { id: "alerts-2", conversationKey: "managers" });
		const world = often(watching(alerts()));
		world.look(0, []);
		world.subscribe(fresh);
		expect(told(world.look(30, [])).news).toEqual(["channel post gap", "managers post sum"]);
	});

	it("counts from when alerts were asked for, where the jobs were never seen, and asks again at once", () => {
		const world = often(watching(alerts()));
		expect(world.look(5, { kind: "problem", code: "unavailable" }).news).toMatchObject([
			{ tells: { what: "blind", since: minute(0).toISOString() } },
		]);
		expect(world.watch).not.toHaveProperty("notBefore");
	});

	it("is told while it lasts, once, and who is told of nothing hears nothing", () => {
		const world = often(watching(alerts()));
		world.look(0, []);
		const problem = { kind: "problem", code: "throttled", retryAfterMs: 60_000 } as const;
		expect(told(world.look(4.9, problem))).toEqual(nothing);
		expect(world.watch.notBefore).toBe(minute(5.9).toISOString());
		const blind = world.look(5, problem);
		expect(blind.news).toMatchObject([
			{ tells: { what: "blind", since: minute(0).toISOString(), code: "throttled" } },
		]);
		expect(told(blind).news).toEqual(["channel post blind"]);
		expect(blind.lines).toEqual([
			{ type: "watch.blind", facts: { code: "throttled", since: minute(0).toISOString() } },
		]);
		const before = world.watch;
		expect(told(world.look(6, { kind: "put-off" }))).toEqual(nothing);
		expect(world.watch).toEqual(before);
		expect(told(world.look(60, problem))).toEqual(nothing);
		world.look(61, []);
		expect(world.watch).not.toHaveProperty("blind");
		expect(watching().look(60, problem).lines).toEqual([]);
	});
});

describe("nobody's incident", () => {
	it("calls who is on call, and then everybody who takes escalations", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		expect(world.look(9.9, [job()]).escalate).toEqual([]);
		expect(world.look(10, { kind: "put-off" }).escalate).toEqual([{ incidentId: "incident-1", step: 1 }]);
		expect(world.look(19.9, [job()]).escalate).toEqual([]);
		expect(world.look(20, [job()]).escalate).toEqual([{ incidentId: "incident-1", step: 2 }]);
		expect(world.look(120, [job()]).escalate).toEqual([]);
	});

	it("calls no later because another conversation is told later", () => {
		const long = alerts({ longerThanMs: 5 * 60_000 }, { id: "alerts-2", conversationKey: "managers" });
		const world = watching(alerts(), long);
		world.look(0, [job()]);
		expect(told(world.look(5, [job()])).cards).toContain("alert managers");
		expect(world.look(10, [job()]).escalate).toHaveLength(1);
	});

	it("shows on its card that somebody was called", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		expect(told(world.look(10, [job()]))).toEqual({ news: [], cards: ["alert channel"] });
	});

	it("calls nobody once somebody has it, who is asked when their time is up", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		const handed = take(world.incident(), anna, 0, minute(5), 20);
		if (handed.kind !== "taken") throw new Error(handed.kind);
		world.put(handed.incident);
		expect(world.look(20, [job()]).escalate).toEqual([]);
		const asked = world.look(25, [job()]);
		expect(told(asked).news).toEqual(["channel reply still-there"]);
		expect(asked.news[0]).toMatchObject({ urgent: true, tells: { who: anna } });
		const facts = { incidentId: "incident-1", taker: anna.userId };
		expect(asked.lines).toEqual([{ type: "incident.asked", jobId: JOB, facts }]);
		expect(told(world.look(26, [job()]))).toEqual(nothing);
		const lapsed = world.look(30, [job()]);
		expect(told(lapsed)).toEqual({ news: ["channel reply hands"], cards: ["alert channel"] });
		expect(lapsed.news).toMatchObject([{ tells: { what: "hands", change: "lapsed", who: "Anna" } }]);
		expect(lapsed.lines).toEqual([{ type: "incident.lapsed", jobId: JOB, facts }]);
		expect(world.look(40, [job()]).escalate).toHaveLength(1);
	});

	it("shows on the card that a promise ran out, also where alerts were turned off", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		const handed = take(world.incident(), anna, 0, minute(5), 20);
		if (handed.kind === "taken") world.put(handed.incident);
		world.look(25, [job()]);
		world.unsubscribe();
		expect(told(world.look(30, [job()]))).toEqual({ news: [], cards: ["alert channel"] });
	});

	it("calls nobody while it is being cancelled, and again when that came to nothing", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		world.cancellations = [cancelling()];
		expect(world.look(15, [job()]).escalate).toEqual([]);
		const why = { by: "graph", code: "forbidden" } as const;
		world.cancellations = [
			cancelling({ state: "refused", outcome: { state: "refused", why }, endedAt: minute(16).toISOString() }),
		];
		expect(world.look(16, [job()]).escalate).toHaveLength(1);
	});
});

describe("the story of a cancellation", () => {
	it("is told line by line below the card", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		world.cancellations = [cancelling()];
		const asked = world.look(2.1, [job()]);
		expect(told(asked)).toEqual({ news: ["channel record story"], cards: ["alert channel"] });
		expect(asked.news).toMatchObject([
			{ tells: { receipt: "RC-000001", lines: [{ what: "asked", name: "Anna", reason: "wrong snapshot" }] } },
		]);
		expect(told(world.look(2.3, [job()]))).toEqual(nothing);
		world.cancellations = [cancelling({ acceptedAt: minute(2.4).toISOString(), state: "stopping" })];
		expect(world.look(2.5, [job()]).news).toMatchObject([{ tells: { lines: [{ what: "accepted" }] } }]);
	});

	it("is announced where it was asked, by several people, too, and else told below the card", () => {
		const world = watching(alerts(), alerts({}, { id: "alerts-2", conversationKey: "managers" }));
		world.look(0, [job()]);
		const asker = { actor: anna, at: minute(2).toISOString() };
		const askers = [
			{ ...asker, conversationKey: "elsewhere" },
			{ ...asker, conversationKey: "channel;messageid=1" },
		];
		const outcome = { state: "abandoned" } as const;
		world.cancellations = [cancelling({ askers })];
		expect(told(world.look(3, [job()])).news).toEqual(["channel record story", "managers record story"]);
		world.cancellations = [
			cancelling({ askers, state: "abandoned", outcome, endedAt: minute(4).toISOString() }),
		];
		expect(told(world.look(4, [ended("abandoned", 4)])).news).toEqual([
			"channel record story",
			"managers reply story",
		]);
	});

	it("is all that is told of an end that both are seen to have come to at once", () => {
		const world = watching(alerts({}, { conversationKey: "managers" }));
		world.look(0, [job()]);
		const outcome = { state: "abandoned" } as const;
		world.cancellations = [cancelling({ state: "abandoned", outcome, endedAt: minute(4).toISOString() })];
		expect(told(world.look(4, [ended("abandoned", 4)])).news).toEqual(["managers reply story"]);
	});

	it("is told of its own job alone", () => {
		const world = watching(alerts());
		world.look(0, [job(), job({ id: "another" })]);
		world.cancellations = [cancelling()];
		const asked = world.look(3, [job(), job({ id: "another" })]);
		expect(asked.news).toMatchObject([{ incidentId: "incident-1", tells: { what: "story" } }]);
	});

	it("tells of the end in its own words, once, when the job ended by itself", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		const outcome = { state: "too-late", jobEnd: "successful" } as const;
		world.cancellations = [cancelling({ state: "too-late", outcome, endedAt: minute(3).toISOString() })];
		const end = world.look(3, [ended("successful", 3)]);
		expect(end.news).toMatchObject([{ tells: { what: "story", lines: [{}, { what: "ended", outcome }] } }]);
		expect(end.news).toHaveLength(1);
		expect(world.incident().overAt).toBe(minute(3).toISOString());
	});

	it("does not keep the end from being told that came after it had come to nothing", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		const why = { by: "graph", code: "forbidden" } as const;
		world.cancellations = [
			cancelling({ state: "refused", outcome: { state: "refused", why }, endedAt: minute(2).toISOString() }),
		];
		world.look(2, [job()]);
		expect(told(world.look(5, [ended("failed", 5)])).news).toEqual(["channel reply event failed"]);
	});

	it("is the end of it, too, although the job is seen abandoned before", () => {
		const world = watching(alerts(), alerts({}, { id: "alerts-2", conversationKey: "managers" }));
		world.look(0, [job()]);
		world.cancellations = [cancelling({ state: "stopping" })];
		world.look(3, [job()]);
		const seen = world.look(4, [ended("abandoned", 4)]);
		expect(told(seen)).toEqual({ news: [], cards: ["alert channel", "alert managers"] });
		const outcome = { state: "abandoned" } as const;
		world.cancellations = [cancelling({ state: "abandoned", outcome, endedAt: minute(4.1).toISOString() })];
		// Where it was asked the outcome is announced anyway.
		expect(told(world.look(4.25, [ended("abandoned", 4)])).news).toEqual([
			"channel record story",
			"managers reply story",
		]);
		expect(told(world.look(4.5, [ended("abandoned", 4)]))).toEqual(nothing);
	});
});

describe("a followed job", () => {
	const follow: Subscription = {
		kind: "follow",
		id: "follow-1",
		tenantId: TENANT,
		conversationKey: "chat",
		by: anna,
		at: minute(0).toISOString(),
		jobId: JOB,
	};

	it("has a card that is updated when something changed, and otherwise once a minute, to the end", () => {
		const world = watching(follow);
		expect(told(world.look(0, [job()])).cards).toEqual(["follow chat"]);
		expect(told(world.look(0.5, [job()])).cards).toEqual([]);
		expect(told(world.look(0.75, [job({ counts: { modifiedObjects: 9 } })])).cards).toEqual(["follow chat"]);
		expect(told(world.look(1, [job({ counts: { modifiedObjects: 9 } })])).cards).toEqual(["follow chat"]);
		const end = world.look(1.25, [ended("successful", 1.2)]);
		expect(told(end).cards).toEqual(["follow chat"]);
		expect(end.done).toEqual([follow]);
		expect(end.goesOn).toBe(false);
	});

	it("has a card that is updated when somebody is called, too", () => {
		const world = watching(alerts(), follow);
		world.look(0, [job()]);
		world.look(9.9, [job()]);
		expect(told(world.look(10, [job()])).cards).toEqual(["alert channel", "follow chat"]);
	});

	it("keeps the watch going as alerts do, and other subscriptions do not", () => {
		expect(watching(follow).look(0, [job()]).goesOn).toBe(true);
		expect(watching(alerts()).look(0, [])).toMatchObject({ goesOn: true, done: [] });
		const { jobId: _of, ...rest } = follow;
		expect(watching({ ...rest, kind: "escalations" }, alerts()).look(0, []).goesOn).toBe(true);
		expect(watching({ ...rest, kind: "escalations" }).look(0, []).goesOn).toBe(false);
	});

	it("that had ended before is let go at once", () => {
		const world = watching(alerts());
		world.look(0, [job()]);
		world.look(1, [ended("failed", 1)]);
		world.subscribe(follow);
		expect(world.look(2, [ended("failed", 1)]).done).toEqual([follow]);
	});
});
